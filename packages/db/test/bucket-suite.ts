import type { AnalyticsBucket, AnalyticsStore } from '@embedding-studio/contracts';
import { expect, it } from 'vitest';

const hour = new Date('2026-05-01T13:00:00Z');
const range = { from: hour, to: new Date('2026-05-01T15:00:00Z') };

export function testBuckets(open: () => Promise<AnalyticsStore>): void {
  it('gives back the counts of an hour as they were, and the newest of those that were made twice', async () => {
    const store = await open();
    const bucket: AnalyticsBucket = { size: 'hour', from: hour, cells: [], users: [1, 2 ** 48 - 1], items: [7] };
    const queries = [{ query: '["red", 1]', sums: [3, 0, 0.25] }];
    await store.putBucket({ ...bucket, users: [5] }, { queries: [], slices: [] });
    const slices = [{ slice: 'arm:exp_1/b', sums: [1, 0], took: [0, 1] }];
    await store.putBucket(bucket, { queries, slices });
    expect(await store.listBuckets(range)).toEqual([bucket]);
    expect(await store.listQueryBuckets(range)).toMatchObject([{ size: 'hour', from: hour, queries }]);
    expect(await store.listSliceBuckets(range)).toEqual([{ size: 'hour', from: hour, slices }]);
    const later = [{ query: 'blue', sums: [1, 2, 3] }];
    await store.putBucket(bucket, { queries: later, slices: [] });
    for (const places of [[1], [0, 2]]) {
      const [read] = await store.listQueryBuckets({ ...range, places });
      for (const place of places) expect(read?.queries[0]?.sums[place]).toBe(later[0]?.sums[place]);
    }
    expect(await store.listQueryBuckets(range)).toMatchObject([{ queries: later }]);
    expect(await store.listSliceBuckets(range)).toMatchObject([{ slices: [] }]);
    await store.clear();
    expect(await store.listSliceBuckets(range)).toEqual([]);
  });
}
