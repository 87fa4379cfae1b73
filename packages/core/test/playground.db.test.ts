import {
  type CompareSearchesInput,
  type Ctx,
  compareQuerySet,
  compareSearches,
  getGoldenRuns,
  getLoopHealth,
  judgeItem,
  listPayloadFields,
  type QuerySetUpdate,
  registerSession,
  requestDeletion,
  requestGoldenRun,
  requestUpsertion,
  searchItems,
} from '@embedding-studio/core';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop, requestTuning, world } from './rollout-world.ts';

let studio: TestStudio;
let ctx: Ctx;
let standbyId = '';
const query = world.sessions[0]?.query ?? '';

beforeAll(async () => {
  studio = await openShop();
  ctx = studio.ctx;
  await requestTuning(studio);
  await drainTasks(studio.deps);
  standbyId = (await studio.deps.collections.findLive())?.previousCollectionId ?? '';
});
afterAll(() => studio.close());

const compare = (input: Partial<CompareSearchesInput>, who = ctx) =>
  compareSearches({ ctx: who, input: { query, settings: [{}], ...input } as CompareSearchesInput });
const idsOf = (column: { hits: { itemId: string }[] } | undefined) => column?.hits.map(({ itemId }) => itemId) ?? [];
const countSessions = async () => {
  const batches = await studio.deps.sessions.listBatches({ offset: 0, limit: 10 });
  return batches.reduce((sum, { sessionCount }) => sum + sessionCount, 0);
};

describe('a playground search', () => {
  test('without overrides answers as the search does, with the same explanation', async () => {
    const { columns, items } = await compare({});
    const search = await searchItems({ ctx, input: { query, limit: 10, explain: true } });
    expect(columns[0]?.hits).toEqual(search.hits.map(({ itemId, score, explain }) => ({ itemId, score, explain })));
    expect(items[idsOf(columns[0])[0] ?? '']?.title).toBe(search.hits[0]?.title);
    expect(columns[0]?.search).toMatchObject({ collectionId: search.collectionId, degraded: [] });
  });

  test('reaches a collection that stands by as well as the one that serves', async () => {
    const { columns, pairs } = await compare({ settings: [{}, { collectionId: standbyId }] });
    expect(columns[1]?.search?.collectionId).toBe(standbyId);
    expect(columns[1]?.hits).toHaveLength(10);
    expect(pairs).toHaveLength(1);
    expect(pairs[0]?.columns).toEqual([0, 1]);
    const shared = idsOf(columns[0]).filter((itemId) => idsOf(columns[1]).includes(itemId));
    expect(pairs[0]).toMatchObject({ shared: shared.length, jaccard: shared.length / (20 - shared.length) });
  });

  test('takes retriever, weights and filter per column', async () => {
    const item = world.items[0];
    const { columns } = await compare({
      query: item?.title ?? '',
      settings: [
        { retriever: 'lexical' },
        { retriever: 'vector' },
        { vectorWeight: 1, cosineNorm: 'rank' },
        { filter: { term: { field: 'id', value: item?.id ?? '', forceNotPayload: true } } },
      ],
    });
    expect(columns[0]?.hits.every(({ explain }) => explain?.vectorPart === 0)).toBe(true);
    expect(columns[1]?.hits.every(({ explain }) => explain?.lexicalPart === 0)).toBe(true);
    expect(columns[2]?.search?.ranking).toMatchObject({ vectorWeight: 1, cosineNorm: 'rank' });
    expect(idsOf(columns[3])).toEqual([item?.id]);
  });

  test('is never recorded as a session', async () => {
    const before = await countSessions();
    await compare({ settings: [{}, { retriever: 'lexical' }] });
    expect(await countSessions()).toBe(before);
  });

  test('keeps the other columns when one cannot be answered', async () => {
    const gone = 'col_00000000000000000000000000000000';
    const { columns } = await compare({ settings: [{}, { collectionId: gone }] });
    expect(columns[0]?.hits).toHaveLength(10);
    expect(columns[1]).toMatchObject({ hits: [], failure: { code: 'COLLECTION_NOT_FOUND' }, ndcg10: null });
  });

  test('acts as a user for those who may read sessions only', async () => {
    const viewer: Ctx = { ...ctx, actor: { kind: 'user', userId: 'eve', role: 'viewer' } };
    await expect(compare({ settings: [{ userId: 'u-1' }] }, viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await compare({}, viewer)).columns[0]?.hits).toHaveLength(10);
  });

  test('names the faulty field of a setting', async () => {
    await expect(compare({ settings: [{ vectorWeight: 2 }] })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      field: 'settings.0.vectorWeight',
    });
    await expect(compare({ query: undefined })).rejects.toMatchObject({ field: 'query' });
  });
});

describe('a replay', () => {
  test('puts what a session showed beside what is found now, with what the user did', async () => {
    const shown = [world.items[3], world.items[1]].map((item) => ({ itemId: item?.id ?? '' }));
    await registerSession({ ctx, input: { sessionId: 'old', query, shown, userId: 'ann' } });
    const { columns, query: asked, pairs } = await compare({ query: undefined, sessionId: 'old' });
    expect(asked).toBe(query);
    expect(columns[0]).toMatchObject({ kind: 'session', session: { sessionId: 'old', userId: 'ann' }, search: null });
    expect(idsOf(columns[0])).toEqual(shown.map(({ itemId }) => itemId));
    expect(columns[1]).toMatchObject({ kind: 'search' });
    expect(pairs[0]?.onlyLeft.length).toBe(2 - (pairs[0]?.shared ?? 0));
  });

  test('of an unknown session is refused', async () => {
    await expect(compare({ sessionId: 'none' })).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
  });
});

describe('judged queries', () => {
  test('give each column its nDCG, and none to a query that nobody judged', async () => {
    expect((await compare({})).columns[0]?.ndcg10).toBeNull();
    const best = idsOf((await compare({})).columns[0])[0] ?? '';
    await judgeItem({ ctx, input: { query, itemId: best, grade: 3 } });
    const { columns, grades } = await compare({ settings: [{}, { filter: notId(best) }] });
    expect(columns[0]).toMatchObject({ ndcg10: 1, judged10: 1 });
    expect(columns[1]).toMatchObject({ ndcg10: 0, judged10: 0 });
    expect(grades[best]).toEqual({ grade: 3, own: 3, judges: 1 });
  });
});

const notId = (id: string) => ({ bool: { must_not: [{ term: { field: 'id', value: id, forceNotPayload: true } }] } });

describe('a query set', () => {
  const run = async (source: 'golden' | 'sessions', queries = 20) => {
    const updates: QuerySetUpdate[] = [];
    const first = source === 'golden' ? {} : { retriever: 'vector' as const };
    const settings = [first, { retriever: 'lexical' as const }, first];
    for await (const update of compareQuerySet({ ctx, input: { source, settings, queries } })) updates.push(update);
    const last = updates.at(-1);
    if (last?.kind !== 'result') throw new Error('the last update is no result');
    return { updates, ...last };
  };

  test('of frequent queries ends with means, and the greatest disagreement first', async () => {
    const { updates, summary, total, failed } = await run('sessions');
    expect(updates[0]).toEqual({ kind: 'progress', done: 0, total });
    expect(failed).toEqual([]);
    expect(summary.queries).toHaveLength(total);
    const worst = summary.queries.map(({ others }) => Math.min(...others.map(({ rbo }) => rbo)));
    expect(worst).toEqual([...worst].sort((left, right) => left - right));
    expect(summary.columns[0]).toMatchObject({ jaccard: null, delta: null });
    expect(summary.columns[2]?.jaccard).toBe(1);
    expect(summary.columns[2]?.rbo).toBeCloseTo(1, 9);
    expect(summary.columns[1]?.jaccard).toBeLessThan(1);
    expect(summary.queries[0]?.sessions).toBeGreaterThan(0);
  });

  test('of the golden set measures nDCG, with no interval below two judged queries', async () => {
    const { summary, total } = await run('golden');
    expect(total).toBe(1);
    expect(summary).toMatchObject({ judged: 1, queries: [{ sessions: null, ndcg10: [1, expect.anything(), 1] }] });
    expect(summary.columns[2]).toMatchObject({ ndcg10: 1, delta: null, wins: 0, losses: 0 });
  });
});

test('payload fields are learned from the items, with what they hold', async () => {
  const payload = { price: 12, 'a.b': 'dotted', made: { at: '2024-05-01', by: 'ann' }, tags: ['oak', 'red'] };
  await requestUpsertion({ ctx, input: { id: 'one', items: [{ id: '0', title: 'a chair', payload }] } });
  await drainTasks(studio.deps);
  const fields = await listPayloadFields({ ctx });
  expect(Object.fromEntries(fields.map(({ name, kind, values }) => [name, [kind, ...values]]))).toEqual({
    price: ['number', 12],
    'a\\.b': ['text', 'dotted'],
    'made.at': ['date', '2024-05-01'],
    'made.by': ['text', 'ann'],
    tags: ['list', 'oak', 'red'],
  });
});

describe('the golden set asks the live search', () => {
  const run = async () => {
    await requestGoldenRun({ ctx: { ...ctx, requestId: `req_${Math.random()}` } });
    await drainTasks(studio.deps);
    const { runs, alert } = await getGoldenRuns({ ctx });
    return { run: runs[0], alert, count: runs.length };
  };

  test('and keeps what it finds; a fall since the run before raises an alert', async () => {
    const queries = [...new Set(world.sessions.map((session) => session.query))].slice(0, 8);
    for (const asked of queries) {
      const { hits } = await searchItems({ ctx, input: { query: asked, limit: 1 } });
      await judgeItem({ ctx, input: { query: asked, itemId: hits[0]?.itemId ?? '', grade: 3 } });
    }
    const sessions = await countSessions();
    const good = await run();
    expect(good.run).toMatchObject({ change: null });
    expect(good.run?.queries).toBeGreaterThanOrEqual(8);
    expect(good.run?.ndcg10).toBeGreaterThan(0.8);
    expect(await countSessions()).toBe(sessions);
    expect((await run()).run?.change).toMatchObject({ runId: good.run?.id, mean: 0, isAlert: false });
    const gone = await Promise.all(
      queries.map(
        async (asked) => (await searchItems({ ctx, input: { query: asked, limit: 1 } })).hits[0]?.itemId ?? '',
      ),
    );
    await requestDeletion({ ctx, input: { id: 'gone', itemIds: [...new Set(gone)] } });
    await drainTasks(studio.deps);
    const bad = await run();
    expect(bad.run?.change).toMatchObject({ isAlert: true });
    expect(bad.alert?.runId).toBe(bad.run?.id);
    expect((await getLoopHealth({ ctx })).at(-1)?.alert).toContain('The golden set fell by');
    const audited = await studio.deps.audit.listAudit({ beforeId: null, limit: 20, subjects: [bad.run?.id ?? ''] });
    expect(audited.map(({ action }) => action)).toEqual(['golden.drop']);
  });
});
