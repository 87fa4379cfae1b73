import {
  type CollectionStore,
  defaultRankingProfile,
  type Filter,
  type LiveCollection,
} from '@embedding-studio/contracts';
import { startTestPostgres, type TestPostgres } from '@embedding-studio/testing/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeClusteredVectors, makeItem, toRow } from './item-fixtures.ts';

const count = 4_000;
const dims = 32;
const points = makeClusteredVectors({ count: count + 20, dims, clusters: 80, seed: 5 });
let server: TestPostgres;
let store: CollectionStore;
let live: LiveCollection;

/** Every item is in 1 of 2, 10, 100 and 1000 groups. */
beforeAll(async () => {
  server = await startTestPostgres();
  store = server.stores.collections;
  const items = Array.from({ length: count }, (_, at) =>
    makeItem(`v${at}`, { payload: { half: at % 2, tenth: at % 10, hundredth: at % 100, thousandth: at % 1_000 } }),
  );
  for (let at = 0; at < count; at += 2_000) await server.stores.items.upsertItems(items.slice(at, at + 2_000));
  const { id } = await store.createCollection({ modelId: 'm', dims, ranking: defaultRankingProfile });
  const rows = items.map((item, at) => toRow(item, points[at] ?? new Float32Array(dims)));
  for (let at = 0; at < count; at += 2_000) await store.putVectors(id, rows.slice(at, at + 2_000));
  await store.buildIndex(id, { m: 16, efConstruction: 64 });
  await store.switchLive({ expected: null, next: id });
  const found = await store.findLiveCollection();
  if (found === null) throw new TypeError('nothing is live');
  live = found;
}, 120_000);
afterAll(() => server.stop());

function exactNearest(query: Float32Array, passes: (at: number) => boolean): string[] {
  const scored = points.slice(0, count).flatMap((point, at) => {
    if (!passes(at)) return [];
    return [{ at, cosine: point.reduce((sum, value, column) => sum + value * (query[column] ?? 0), 0) }];
  });
  return scored
    .sort((left, right) => right.cosine - left.cosine)
    .slice(0, 10)
    .map(({ at }) => `v${at}`);
}

const search = (vector: Float32Array, filter: Filter) =>
  store.searchLive({
    ...{ live, text: '', vector, filter, depth: 100, efSearch: 100 },
    ...{ profile: { ...live.collection.ranking, vectorWeight: 1 }, page: { offset: 0, limit: 10 } },
  });

it.each([
  ['half', 2],
  ['tenth', 10],
  ['hundredth', 100],
  ['thousandth', 1_000],
] as const)('a filter by %s gives full answers with at least 95 %% of the exact ten nearest', async (field, groups) => {
  let kept = 0;
  const wanted = Math.min(10, count / groups);
  const plans = new Set<string>();
  for (const [at, query] of points.slice(count).entries()) {
    const group = (at * 7) % groups;
    const answer = await search(query, { term: { field, value: group } });
    plans.add(answer?.plan?.kind ?? 'none');
    const ordered = [...(answer?.candidates ?? [])].sort((left, right) => (right.cosine ?? 0) - (left.cosine ?? 0));
    expect(ordered.length, 'items found').toBe(Math.min(100, count / groups));
    const exact = new Set(exactNearest(query, (item) => item % groups === group));
    kept += ordered.slice(0, 10).filter(({ itemId }) => exact.has(itemId)).length;
  }
  expect(kept / (20 * wanted)).toBeGreaterThanOrEqual(0.95);
  if (groups !== 10) expect([...plans]).toEqual([groups === 2 ? 'iterative' : 'exact']);
});

it('a filter that the sample misjudged still gives all that there is', async () => {
  const rare: Filter = {
    bool: { must: [{ term: { field: 'thousandth', value: 3 } }, { term: { field: 'half', value: 1 } }] },
  };
  const answer = await search(points[3] ?? new Float32Array(dims), rare);
  expect(answer?.candidates.length).toBe(count / 1_000);
});
