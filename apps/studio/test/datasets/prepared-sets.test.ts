import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { StudioError } from '@embedding-studio/contracts';
import { afterAll, describe, expect, it } from 'vitest';
import { fetchMovies } from '../../src/datasets/fetch-movies.ts';
import {
  chooseDataset,
  isValidation,
  listTestSplits,
  loadFolder,
  loadIcons,
  simulateClicks,
} from '../../src/datasets/index.ts';
import { silentProgress } from '../../src/terminal/progress.ts';

const folder = mkdtempSync(join(tmpdir(), 'prepared-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('icons', async () => {
  const icons = await loadIcons();
  const queryTags = new Set(icons.queries.map(({ text }) => text));

  it('no item carries a tag that is a query, and most keep other tags', () => {
    const tags = icons.items.map(({ payload }) => payload.categories as string[]);
    expect(tags.flat().filter((tag) => queryTags.has(tag))).toEqual([]);
    expect(tags.filter((own) => own.length > 0).length).toBeGreaterThan(0.9 * tags.length);
  });

  it('has enough queries in every split, and training never wants a withheld icon', () => {
    const count = (split: string) => icons.queries.filter((query) => query.split === split).length;
    for (const [split, least] of [
      ['train', 300],
      ['val', 50],
      ['test', 100],
      ['test_unseen', 50],
    ] as const)
      expect(count(split)).toBeGreaterThan(least);
    const trained = icons.queries.filter(({ split }) => split === 'train' || isValidation(split));
    for (const { id } of trained)
      for (const icon of icons.qrels.get(id)?.keys() ?? []) expect(icons.withheld.has(icon)).toBe(false);
    expect(
      listTestSplits(icons)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['all_new', 'test', 'test_unseen']);
  });

  it('is the same set every time', async () => {
    expect(await loadIcons()).toEqual(icons);
  });

  it('simulated users see training and validation pages only, never a withheld icon, and are called simulated', () => {
    const everything = icons.items.map(({ id }) => id);
    const rankings = Object.fromEntries(icons.queries.map(({ id }) => [id, everything]));
    const sessions = simulateClicks({ dataset: icons, rankings, seed: 3, sessionsPerQuery: 2 });
    const splitOf = new Map(icons.queries.map(({ id, split }) => [id, split]));
    expect(new Set(sessions.map(({ queryId }) => splitOf.get(queryId)))).toEqual(new Set(['train', 'val']));
    expect(sessions.every(({ isSimulated, shown }) => isSimulated && shown.length <= 24)).toBe(true);
    expect(sessions.flatMap(({ shown }) => shown).filter((icon) => icons.withheld.has(icon))).toEqual([]);
    expect(sessions.every(({ shown, clicked }) => clicked.every((icon) => shown.includes(icon)))).toBe(true);
    expect(simulateClicks({ dataset: icons, rankings, seed: 3, sessionsPerQuery: 2 })).toEqual(sessions);
  });
});

describe('fetched films', () => {
  const films = Array.from({ length: 300 }, (_, index) => ({
    id: index,
    title: `Film ${index}`,
    overview: 'A plot.',
    url: 'x',
    genres: ['Drama'],
  }));
  const rows = Array.from({ length: 400 }, (_, query) =>
    [0, 1, 2].map((place) => `qid:${query}\tquery ${query}\t${(query * 7 + place * 31) % 300}\t${place === 0 ? 1 : 0}`),
  ).flat();
  const files: Record<string, string> = {
    corpus: films.map((film) => JSON.stringify(film)).join('\n'),
    judgments: ['query_id\tquery\tdoc_id\tgrade', ...rows, 'qid:0\tquery 0\t999999\t1'].join('\n'),
  };
  const get = async (url: string) => gzipSync(files[url.includes('corpus') ? 'corpus' : 'judgments'] ?? '');

  it('become a data folder that loads, with pages in the order of the file and films that are new to training', async () => {
    const dataset = await loadFolder(await fetchMovies(folder, get));
    expect(dataset.items[5]).toEqual({ id: '5', title: 'Film 5', text: 'A plot.', payload: { genres: ['Drama'] } });
    expect(dataset.sessions?.[0]).toMatchObject({
      query: 'query 0',
      shown: ['0', '31', '62'],
      clicked: ['0'],
      isSimulated: false,
    });
    expect(dataset.warnings).toEqual([]);
    const splits = new Set(dataset.queries.map(({ split }) => split));
    expect(splits).toEqual(new Set(['train', 'val', 'test', 'test_unseen']));
    const trained = new Set(
      dataset.queries
        .filter(({ split }) => split === 'train')
        .flatMap(({ id }) => [...(dataset.qrels.get(id)?.keys() ?? [])].slice(0, 1)),
    );
    for (const { id } of dataset.queries.filter(({ split }) => split === 'test_unseen'))
      expect(trained.has([...(dataset.qrels.get(id)?.keys() ?? [])][0] ?? '')).toBe(false);
  });

  it('leave nothing half-written when the source breaks off', async () => {
    const broken = async (url: string) => {
      if (url.includes('judgments')) throw new StudioError('SOURCE_UNREACHABLE', 'gone');
      return get(url);
    };
    const other = join(folder, 'other');
    await expect(fetchMovies(other, broken)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    const choice = { repositoryFolder: join(folder, 'nowhere', 'repo'), cacheFolder: other, progress: silentProgress };
    expect((await chooseDataset({ ...choice, sources: ['npm', 'debian'] })).name).toBe('icons');
    expect((await chooseDataset({ ...choice, given: 'icons', sources: [] })).name).toBe('icons');
    expect((await chooseDataset({ ...choice, given: folder, sources: [] })).name).toBe('movies-msrd');
  });
});
