import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addPhrases,
  createDataSource,
  getCategoryModel,
  listPhrases,
  listPluginUses,
  listSourcesWithSync,
  listSyncs,
  previewDataSource,
  requestSync,
  retryFailed,
  tryPlugin,
  updateSearchPlugins,
} from '@embedding-studio/core';
import { drainTasks, openTestPlugins, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop } from '../rollout-world.ts';

let folder: string;
let studio: TestStudio;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-syncs-'));
  studio = await openShop({ plugins: await openTestPlugins({ folders: [folder] }) });
  const film = (n: number) =>
    JSON.stringify({ id: n === 3 ? '' : `film-${n}`, name: `film ${n}`, plot: 'storm '.repeat(400) });
  await writeFile(join(folder, 'films.jsonl'), Array.from({ length: 5 }, (_, n) => film(n)).join('\n'));
});
afterAll(async () => {
  await studio.close();
  await rm(folder, { recursive: true, force: true });
});

const mapping = { id: 'id', title: 'name', text: ['plot'], payload: null };

test('a source shows its latest sync, and its history every sync with what came in and what failed', async () => {
  const { ctx } = studio;
  const input = { name: 'films', loader: 'folder', config: { path: folder }, mapping };
  const { id: sourceId } = await createDataSource({ ctx, input });
  expect(await listSourcesWithSync({ ctx, input: {} })).toMatchObject([{ source: { id: sourceId }, lastSync: null }]);

  const { id: taskId } = await requestSync({ ctx, input: { sourceId } });
  expect(await listSourcesWithSync({ ctx, input: {} })).toMatchObject([
    { lastSync: { id: taskId, status: 'pending', rows: null } },
  ]);
  await drainTasks(studio.deps);
  const first = {
    id: taskId,
    status: 'done',
    mode: 'incremental',
    isRetry: false,
    rows: 5,
    changed: 4,
    unchanged: 0,
    deleted: 0,
    failed: 1,
  };
  expect(await listSourcesWithSync({ ctx, input: {} })).toMatchObject([{ lastSync: first }]);

  const retry = await retryFailed({ ctx, input: { taskId } });
  await drainTasks(studio.deps);
  const { rows } = await listSyncs({ ctx, input: { sourceId } });
  expect(rows).toMatchObject([{ id: retry.id, isRetry: true }, first]);
  const page = await listSyncs({ ctx, input: { sourceId, limit: 1 } });
  expect(page.rows).toHaveLength(1);
  expect((await listSyncs({ ctx, input: { sourceId, limit: 1, after: page.next } })).rows).toMatchObject([first]);
});

test('a preview shows the texts that would be embedded, long ones cut, and which rows cannot become items', async () => {
  const target = { loader: 'folder', config: { path: folder }, mapping };
  const { items, rows } = await previewDataSource({ ctx: studio.ctx, input: target });
  expect(items[0]?.parts?.[0]).toContain('film 0');
  expect(items[0]?.item?.text.length).toBeLessThan(1_100);
  expect(String(rows[0]?.plot).length).toBeLessThan(1_100);
  expect(items[3]).toMatchObject({ item: null, parts: null, error: expect.stringContaining('id') });
});

test('a plugin is tried on a sample and names a config that it refuses', async () => {
  const { ctx } = studio;
  const markup = await tryPlugin({ ctx, input: { pluginId: 'strip-markup', sample: '<b>storm</b> at sea' } });
  expect(markup).toMatchObject({ shows: 'text', after: [' storm  at sea'] });
  const wrong = tryPlugin({ ctx, input: { pluginId: 'recency', config: { weight: 2 }, sample: 'film' } });
  await expect(wrong).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'config.weight' });
  const ranked = await tryPlugin({ ctx, input: { pluginId: 'diversity', sample: 'film' } });
  if (ranked.shows !== 'hits') throw new TypeError('a ranker shows hits');
  expect(ranked.hits.length).toBeGreaterThan(1);
  const places = ranked.hits.map(({ after }) => after ?? 0).sort((left, right) => left - right);
  expect(places).toEqual(ranked.hits.map((_, at) => at + 1));
});

test('the uses of plugins name collections and data sources', async () => {
  const { ctx } = studio;
  await updateSearchPlugins({ ctx, input: { rankers: [{ id: 'recency', config: { weight: 0.3 } }] } });
  const uses = await listPluginUses({ ctx });
  expect(uses).toContainEqual(expect.objectContaining({ pluginId: 'recency', in: 'collection', kind: 'ranker' }));
  expect(uses).toContainEqual(expect.objectContaining({ pluginId: 'folder', in: 'source', name: 'films' }));
});

test('phrases are filtered by text, label, domain and where they come from, and go on behind a key', async () => {
  const { ctx } = studio;
  const phrases = [
    { phrase: 'Red Chairs', labels: ['sale'] },
    { phrase: 'red sofas', domains: ['shop'] },
    { phrase: 'green chairs' },
  ];
  await addPhrases({ ctx, input: { phrases } });
  const find = async (input: Parameters<typeof listPhrases>[0]['input']) =>
    (await listPhrases({ ctx, input })).map(({ phrase }) => phrase);
  expect(await find({ text: 'CHAIRS' })).toEqual(['green chairs', 'Red Chairs']);
  expect(await find({ label: 'sale' })).toEqual(['Red Chairs']);
  expect(await find({ domain: 'shop' })).toEqual(['red sofas']);
  expect(await find({ source: 'learned' })).toEqual([]);
  expect(await find({ after: 'red chairs' })).toEqual(['red sofas']);
});

test('categories that were never fitted are none', async () => {
  expect(await getCategoryModel({ ctx: studio.ctx })).toEqual({ model: null, isLive: false });
});
