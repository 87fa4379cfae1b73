import {
  browseItems,
  type Ctx,
  checkCollection,
  countItems,
  rebuildIndex,
  requestUpsertion,
  searchItems,
} from '@embedding-studio/core';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop } from './rollout-world.ts';

let studio: TestStudio;
let ctx: Ctx;
const many = Array.from({ length: 260 }, (_, at) => ({
  id: `pair-${String(at).padStart(3, '0')}`,
  title: at % 3 === 0 ? 'red boots' : 'boots',
  text: `made of oak and stuff ${at}`,
  payload: { price: at % 7 === 0 ? undefined : (at * 37) % 101, colour: at % 3 === 0 ? 'red' : 'blue' },
}));

beforeAll(async () => {
  studio = await openShop();
  ctx = studio.ctx;
  await requestUpsertion({ ctx, input: { id: 'pairs', items: many } });
  await drainTasks(studio.deps);
});
afterAll(() => studio.close());

const query = 'red boots made of oak';
const find = (input: Partial<Parameters<typeof searchItems>[0]['input']>) =>
  searchItems({ ctx, input: { query, ...input } });
const red = { term: { field: 'colour', value: 'red' } };

describe('pages', () => {
  test('are slices of one order, however deep they reach', async () => {
    const whole = await find({ limit: 250 });
    expect(new Set(whole.hits.map(({ itemId }) => itemId)).size).toBe(250);
    for (const offset of [0, 60, 95, 130, 200]) {
      const page = await find({ limit: 30, offset });
      expect(page.hits.map(({ itemId }) => itemId)).toEqual(
        whole.hits.slice(offset, offset + 30).map(({ itemId }) => itemId),
      );
    }
    const scores = whole.hits.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((left, right) => right - left));
  });

  test('by cursor and by offset agree', async () => {
    const seen: string[] = [];
    for (let cursor: string | undefined; seen.length < 120; ) {
      const page = await find({ limit: 40, ...(cursor !== undefined && { cursor }) });
      seen.push(...page.hits.map(({ itemId }) => itemId));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual((await find({ limit: 120 })).hits.map(({ itemId }) => itemId));
  });

  test('by cursor miss nothing when an item of the page before goes away', async () => {
    const first = await browseItems({ ctx, input: { limit: 5, sortBy: { field: 'price' } } });
    const gone = first.items[1]?.id ?? '';
    await ctx.deps.items.deleteItems([gone]);
    const second = await browseItems({
      ctx,
      input: { limit: 5, sortBy: { field: 'price' }, cursor: first.nextCursor },
    });
    const whole = await browseItems({ ctx, input: { limit: 9, sortBy: { field: 'price' } } });
    expect([...first.items, ...second.items].map(({ id }) => id).filter((id) => id !== gone)).toEqual(
      whole.items.map(({ id }) => id),
    );
    await requestUpsertion({ ctx, input: { items: many.filter(({ id }) => id === gone) } });
    await drainTasks(studio.deps);
  });

  test('refuse a cursor of another search, and an offset beside a cursor', async () => {
    const { nextCursor } = await find({ limit: 5 });
    const refused = { code: 'INPUT_INVALID', field: 'cursor' };
    await expect(find({ limit: 5, cursor: nextCursor, filter: red })).rejects.toMatchObject(refused);
    await expect(find({ limit: 5, cursor: 'abc' })).rejects.toMatchObject(refused);
    await expect(find({ limit: 5, cursor: nextCursor, offset: 5 })).rejects.toMatchObject(refused);
  });
});

describe('a filter', () => {
  test('leaves full pages, of nothing else, in the order of the whole', async () => {
    const whole = await find({ limit: 260 });
    const page = await find({ limit: 20, filter: red, withTotal: true, explain: true });
    expect(page.hits).toHaveLength(20);
    expect(page.hits.every(({ payload }) => payload.colour === 'red')).toBe(true);
    expect(page.total).toBe(many.filter(({ payload }) => payload.colour === 'red').length);
    expect(page.explain?.plan).toMatchObject({ kind: expect.stringMatching(/exact|iterative/) });
    expect(page.explain?.plan?.selectivity).toBeCloseTo((page.total ?? 0) / (260 + 40), 0);
    const best = whole.hits.find(({ payload }) => payload.colour === 'red')?.itemId;
    expect(page.hits[0]?.itemId).toBe(best);
  });

  test('that nothing meets gives an empty page, not an error', async () => {
    const none = { term: { field: 'colour', value: 'mauve' } };
    expect(await find({ filter: none, withTotal: true })).toMatchObject({ hits: [], total: 0 });
  });
});

describe('distances', () => {
  test('of every metric order the same items in the same way, and limit them in their own terms', async () => {
    const by = async (metric: 'cosine' | 'dot' | 'euclidean') =>
      (await find({ metric, legs: 'vector', limit: 8 })).hits;
    const [cosine, dot, euclidean] = [await by('cosine'), await by('dot'), await by('euclidean')];
    expect(dot.map(({ itemId }) => itemId)).toEqual(cosine.map(({ itemId }) => itemId));
    cosine.forEach(({ distance }, at) => {
      expect(dot[at]?.distance).toBeCloseTo(distance - 1, 9);
      expect(euclidean[at]?.distance).toBeCloseTo(Math.sqrt(2 * distance), 6);
    });
    for (const [metric, hits] of Object.entries({ cosine, dot, euclidean })) {
      const maxDistance = hits[4]?.distance ?? 0;
      const near = await find({ metric: metric as 'dot', legs: 'vector', limit: 260, maxDistance, withTotal: true });
      expect(near.hits.every(({ distance }) => distance <= maxDistance + 1e-6)).toBe(true);
      expect(near.total).toBe(near.hits.length);
      expect(near.hits.length).toBeGreaterThanOrEqual(5);
    }
    await expect(find({ maxDistance: 3 })).rejects.toMatchObject({ field: 'maxDistance' });
    await expect(find({ maxDistance: -0.5, metric: 'dot' })).resolves.toBeDefined();
  });
});

describe('order by a field', () => {
  test('ranks what the query finds by it, values that are missing last', async () => {
    const { hits } = await find({ limit: 260, sortBy: { field: 'price', order: 'desc' }, filter: red });
    const prices = hits.map(({ payload }) => payload.price as number | undefined);
    const known = prices.filter((price) => price !== undefined);
    expect(prices.slice(0, known.length)).toEqual([...known].sort((left, right) => right - left));
    expect(known.length).toBeLessThan(prices.length);
  });

  test('after similarity decides only between equals', async () => {
    const similar = await find({ limit: 30 });
    const { hits } = await find({ limit: 30, sortBy: { field: 'price' }, similarityFirst: true });
    expect(hits.map(({ score }) => score)).toEqual(similar.hits.map(({ score }) => score));
  });

  test('browses by a column or a field without a query, and counts', async () => {
    const { items, total } = await browseItems({
      ctx,
      input: { limit: 5, withTotal: true, filter: red, sortBy: { field: 'id', forceNotPayload: true, order: 'desc' } },
    });
    const ids = many.filter(({ payload }) => payload.colour === 'red').map(({ id }) => id);
    expect(items.map(({ id }) => id)).toEqual(ids.reverse().slice(0, 5));
    expect(total).toBe(ids.length);
    expect(await countItems({ ctx, input: { filter: red } })).toEqual({ total: ids.length });
  });
});

describe('index care', () => {
  test('measures recall on real queries, says what the index takes up, and rebuilds it beside searches', async () => {
    const collectionId = (await ctx.deps.collections.findLive())?.collectionId ?? '';
    const before = await checkCollection({ ctx, input: { collectionId, queries: 20 } });
    expect(before).toMatchObject({ stale: 0, indexBytes: expect.any(Number) });
    expect(before.recall10).toBeGreaterThanOrEqual(0.95);
    expect(before.vectorBytes).toBeGreaterThan(0);
    const rebuilt = rebuildIndex({ ctx, input: { collectionId, m: 8, efConstruction: 64 } });
    const during = await Promise.all(Array.from({ length: 10 }, () => find({ limit: 5 })));
    expect(during.every(({ hits }) => hits.length === 5)).toBe(true);
    await rebuilt;
    const after = await checkCollection({ ctx, input: { collectionId, queries: 20 } });
    expect(after.recall10).toBeGreaterThanOrEqual(0.95);
    expect(after.indexBytes).toBeGreaterThan(0);
  });

  test('refuses a width that the index cannot be built with', async () => {
    const collectionId = (await ctx.deps.collections.findLive())?.collectionId ?? '';
    await expect(rebuildIndex({ ctx, input: { collectionId, m: 40, efConstruction: 64 } })).rejects.toMatchObject({
      field: 'efConstruction',
    });
    await expect(checkCollection({ ctx, input: { collectionId: 'col_none' } })).rejects.toMatchObject({
      code: 'COLLECTION_NOT_FOUND',
    });
  });
});

test('explain says what every score is made of and where each leg had it', async () => {
  const { hits, explain } = await find({ limit: 10, explain: true });
  expect(explain?.ranking).toMatchObject({ vectorWeight: expect.any(Number) });
  hits.forEach(({ explain: parts, score }, at) => {
    expect(parts?.rank).toBe(at + 1);
    expect((parts?.vectorPart ?? 0) + (parts?.lexicalPart ?? 0)).toBeCloseTo(score, 9);
    expect(parts?.vectorRank ?? parts?.lexicalRank).not.toBeNull();
  });
});
