import { expect, it } from 'vitest';
import { type Dataset, listTestSplits } from '../../src/datasets/index.ts';
import { measureQueries } from '../../src/eval/measure-queries.ts';
import { isCaptioned } from '../../src/eval/picture-items.ts';
import { findPicture } from '../../src/model/picture-folder.ts';

const ids = Array.from({ length: 40 }, (_, at) => `p${at}`);
const untouched = new Set(ids.slice(20));
const dataset: Dataset = {
  ...{ name: 'drawings', source: 'test', sessions: null, isFullyJudged: false, warnings: [] },
  items: ids.map((id) => ({ id, title: '', text: '', payload: {} })),
  queries: [
    { id: 'learnt', text: 'boat', split: 'train' },
    { id: 'both', text: 'frog', split: 'test' },
    { id: 'touched', text: 'tree', split: 'test' },
  ],
  qrels: new Map([
    [
      'both',
      new Map([
        ['p3', 1],
        ['p30', 1],
      ]),
    ],
    ['touched', new Map([['p4', 1]])],
  ]),
  withheld: untouched,
  untouched,
};

it('asks test queries again among what nothing was learnt from, for what they want of it', async () => {
  const splits = listTestSplits(dataset);
  expect(splits.map(({ name, queries }) => [name, queries.length])).toEqual([
    ['test', 2],
    ['test_untouched', 1],
  ]);
  const search = async ({ limit }: { limit: number }) => ids.slice(0, limit);
  const queries = splits.flatMap((split) => split.queries);
  const measured = await measureQueries({ search, queries });
  expect(measured.get('both')?.fused.mrr10).toBe(0.25);
  // Eleventh of the twenty untouched ones, whatever stands before them.
  expect(measured.get('both untouched')?.fusedIds.indexOf('p30')).toBe(10);
  expect(measured.get('both untouched')?.judged.relevant).toEqual({ p30: 1 });
});

it('draws halves by id alone', () => {
  const chosen = ids.filter((id) => isCaptioned({ id }));
  expect(chosen.length).toBeGreaterThan(10);
  expect(chosen.length).toBeLessThan(30);
});

it('finds pictures inside their folder only', () => {
  expect(findPicture('/data', 'images/a.png')).toBe('/data/images/a.png');
  for (const image of ['../a.png', '/etc/passwd', undefined, 3]) expect(findPicture('/data', image)).toBeNull();
});
