import {
  type Ctx,
  countFacets,
  eraseUser,
  exportSessions,
  getMetricSeries,
  getMetrics,
  getSessionTimeline,
  importSessions,
  ingestEvents,
  listQueries,
  listSessions,
  listTopQueries,
  markIrrelevant,
  refreshAnalytics,
  requestAnalyticsRebuild,
  unmarkIrrelevant,
  watchSessions,
} from '@embedding-studio/core';
import { createSeededRandom } from '@embedding-studio/stats';
import { startTestStudio, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, test } from 'vitest';

let studio: TestStudio;
let ctx: Ctx;
beforeAll(async () => {
  studio = await startTestStudio();
  ctx = studio.ctx;
});
afterAll(() => studio?.close());

async function follow(owner = 'test'): Promise<void> {
  for (let round = 0; round < 200; round++)
    if ((await refreshAnalytics({ ctx, input: { owner } }))?.isCaughtUp === true) return;
  throw new Error('never caught up');
}

async function restart(): Promise<void> {
  await studio.close();
  studio = await startTestStudio();
  ctx = studio.ctx;
}

interface Visit {
  sessionId: string;
  query?: string;
  userId?: string;
  items?: string[];
  at?: Date;
  searchMeta?: Record<string, unknown>;
}

async function visit({
  sessionId,
  query = 'red lamp',
  userId,
  items = ['a', 'b', 'c'],
  at,
  ...rest
}: Visit): Promise<void> {
  const shown = items.map((itemId, place) => ({ itemId, position: place + 1 }));
  await importSessions({ ctx, input: { sessions: [{ sessionId, query, userId, shown, createdAt: at, ...rest }] } });
}

const click = (sessionId: string, itemId: string, eventId = itemId) =>
  ingestEvents({ ctx, input: { events: [{ sessionId, eventId, itemId, dwellSeconds: 5 }] } });

/** All that is counted, in an order of its own. */
async function readBuckets() {
  const range = { from: new Date(0), to: new Date('2100-01-01') };
  const sizes = ['hour', 'day'] as const;
  const buckets = await Promise.all(sizes.map((size) => ctx.deps.analytics.listBuckets({ ...range, size })));
  const queries = await Promise.all(sizes.map((size) => ctx.deps.analytics.listQueryBuckets({ ...range, size })));
  return {
    buckets: buckets.flat().filter(({ cells }) => cells.length > 0),
    queries: queries.flat().filter((list) => list.queries.length > 0),
  };
}

test('a session that cannot be read stops none of those behind it', async () => {
  const at = new Date(Date.now() - 60_000);
  await visit({ sessionId: 'before', at });
  const damaged = await ctx.deps.sessions.getSession('before');
  const { batchId: _batchId, sessionNumber: _number, events: _events, ...kept } = damaged;
  await ctx.deps.sessions.registerSession({ ...kept, sessionId: 'damaged', query: null as unknown as string });
  await visit({ sessionId: 'behind', at });
  await follow();
  const facts = await ctx.deps.analytics.findFacts(['before', 'damaged', 'behind']);
  expect(facts.map(({ sessionId }) => sessionId).sort()).toEqual(['before', 'behind']);
  await restart();
});

test('what is counted step by step equals what is counted anew, whatever came twice, late or was taken back', async () => {
  const random = createSeededRandom(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)] as T;
  const hour = 3_600_000;
  const start = Math.floor(ctx.deps.clock.now().getTime() / hour) * hour - 8 * hour;
  const ids: string[] = [];
  for (let step = 0; step < 60; step++) {
    const sessionId = `s${step}`;
    ids.push(sessionId);
    const items = pick([['a', 'b', 'c'], ['a', 'b', 'c'], []]);
    const at = new Date(start + Math.floor(random.next() * 8 * 60) * 60_000 + pick([0, 3_000]));
    await visit({ sessionId, query: pick(['red', 'red lamp', 'blue']), userId: pick(['u1', 'u2', 'u3']), items, at });
    for (let n = 0; n < 2; n++) {
      const events = [
        { sessionId: pick(ids), eventId: `e${step}-${n}`, itemId: pick(['a', 'b', 'z']), dwellSeconds: 10 },
      ];
      await ingestEvents({ ctx, input: { events } });
      if (random.next() < 0.5) await ingestEvents({ ctx, input: { events } });
    }
    if (random.next() < 0.2) await markIrrelevant({ ctx, input: { sessionId: pick(ids) } });
    if (random.next() < 0.1) await unmarkIrrelevant({ ctx, input: { sessionId: pick(ids) } });
    if (random.next() < 0.1)
      await ctx.deps.sessions.excludeSessions([{ sessionId: pick(ids), reasons: ['user_too_fast'] }]);
    if (random.next() < 0.3) await refreshAnalytics({ ctx, input: { owner: 'test', pagesMax: 1 } });
    if (step === 40) await eraseUser({ ctx, input: { userId: 'u3' } });
  }
  await follow();
  const kept = await readBuckets();
  expect(
    kept.buckets
      .flatMap(({ size, cells }) => (size === 'day' ? cells : []))
      .reduce((sum, { tally }) => sum + tally.sessions, 0),
  ).toBe(60);
  await follow();
  expect(await readBuckets()).toEqual(kept);
  await requestAnalyticsRebuild({ ctx });
  await follow();
  expect(await readBuckets()).toEqual(kept);
});

test('a process that dies in the middle leaves nothing uncounted', async () => {
  await restart();
  for (let n = 0; n < 20; n++) await visit({ sessionId: `s${n}`, userId: `u${n % 5}` });
  const { analytics } = ctx.deps;
  for (const effect of ['saveState', 'putFacts', 'putBucket', 'putTraits'] as const) {
    let calls = 0;
    const dying = new Proxy(analytics, {
      get: (target, key) =>
        key !== effect
          ? Reflect.get(target, key)
          : async (...args: never[]) => {
              await (Reflect.get(target, key) as (...all: never[]) => Promise<unknown>)(...args);
              if (++calls === 1) throw new Error('dead');
            },
    });
    const dead = { ...ctx, deps: { ...ctx.deps, analytics: dying } };
    await click('s1', 'a', effect);
    await expect(refreshAnalytics({ ctx: dead, input: { owner: 'dead' } })).rejects.toThrow('dead');
    expect(await refreshAnalytics({ ctx, input: { owner: 'other' } })).toBeNull();
    studio.passSeconds(61);
    await follow('other');
    await analytics.endTurn('other');
  }
  const kept = await readBuckets();
  await requestAnalyticsRebuild({ ctx });
  await follow();
  expect(await readBuckets()).toEqual(kept);
  expect((await getSessionTimeline({ ctx, input: { sessionId: 's1' } })).events).toHaveLength(4);
});

test('filters find what was asked for, page by page, and facets count what each further choice would leave', async () => {
  await restart();
  const minute = 60_000;
  const start = ctx.deps.clock.now().getTime() - 300 * minute;
  for (let n = 0; n < 120; n++)
    await visit({
      ...{
        sessionId: `s${String(n).padStart(3, '0')}`,
        query: n % 4 === 0 ? 'Blue door' : 'red lamp',
        userId: `u${n % 10}`,
      },
      ...{ items: n % 6 === 5 ? [] : ['a', 'b'], at: new Date(start + Math.floor(n / 3) * minute * 7) },
    });
  for (let n = 0; n < 120; n += 3) await click(`s${String(n).padStart(3, '0')}`, 'b');
  await follow();
  const readAll = async (filter: Parameters<typeof listSessions>[0]['input']['filter'], limit: number) => {
    const ids: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof listSessions>> = await listSessions({
        ctx,
        input: { filter, cursor, limit },
      });
      ids.push(...page.rows.map(({ sessionId }) => sessionId));
      if (page.next === null) return ids;
      cursor = page.next;
    }
  };
  const all = Array.from({ length: 120 }, (_, n) => ({ n, id: `s${String(n).padStart(3, '0')}` }));
  const newest = (numbers: readonly { n: number; id: string }[]) =>
    [...numbers]
      .sort((a, b) => Math.floor(b.n / 3) - Math.floor(a.n / 3) || (a.id < b.id ? 1 : -1))
      .map(({ id }) => id);
  expect(await readAll({}, 7)).toEqual(newest(all));
  expect(await readAll({ flags: ['zeroResult'] }, 3)).toEqual(newest(all.filter(({ n }) => n % 6 === 5)));
  expect(await readAll({ events: ['click'], query: 'BLUE d' }, 4)).toEqual(newest(all.filter(({ n }) => n % 12 === 0)));
  expect(await readAll({ query: 'blue', isWholeQuery: true }, 50)).toEqual([]);
  expect(await readAll({ query: 'Blue door', isWholeQuery: true }, 50)).toHaveLength(30);
  expect(await readAll({ userId: 'u3', flags: ['noClick'] }, 2)).toEqual(
    newest(all.filter(({ n }) => n % 10 === 3 && n % 3 !== 0 && n % 6 !== 5)),
  );
  const counted = await countFacets({ ctx, input: { filter: { flags: ['zeroResult'] } } });
  expect(counted).toMatchObject({ total: 20, isAll: true });
  expect(counted.facets.flags.noClick).toBeUndefined();
  expect((await countFacets({ ctx, input: {} })).facets).toMatchObject({
    events: { click: 40 },
    exclusions: { none: 120 },
  });
  expect((await countFacets({ ctx, input: { filter: { userId: 'u3' } } })).total).toBe(12);
  const part = await exportSessions({ ctx, input: { filter: { events: ['click'] } } });
  const lines = part.lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(40);
  expect(lines[0]).toMatchObject({ query: expect.any(String), events: [{ itemId: 'b', type: 'click' }] });
  await expect(listSessions({ ctx, input: { cursor: 'nonsense' } })).rejects.toMatchObject({
    field: 'cursor',
  });
});

test('figures of a period, its queries, and the period before', async () => {
  await restart();
  const now = ctx.deps.clock.now().getTime();
  const day = 86_400_000;
  for (let n = 0; n < 6; n++) await visit({ sessionId: `new${n}`, userId: `u${n}`, at: new Date(now - n * 60_000) });
  await visit({ sessionId: 'none', query: 'no such thing', items: [], userId: 'u1' });
  for (let n = 0; n < 3; n++) await visit({ sessionId: `old${n}`, userId: `old${n}`, at: new Date(now - 8 * day) });
  await click('new1', 'b');
  await follow();
  const { figures, asOf } = await getMetrics({ ctx, input: { period: '7d' } });
  const figure = (id: string) => figures.find((one) => one.id === id);
  expect(figure('searches')).toMatchObject({ value: 7, previous: 3 });
  expect(figure('ctr@10')).toMatchObject({ value: 1 / 6, previous: 0 });
  expect(figure('mrr')).toMatchObject({ value: 1 / 2, previous: null });
  expect(figure('users')).toMatchObject({ value: 6, previous: 3 });
  expect(figure('searches')?.points.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(7);
  expect(asOf).toBeInstanceOf(Date);
  const zero = await listTopQueries({ ctx, input: { order: 'zero' } });
  expect(zero.queries).toEqual([{ query: 'no such thing', searches: 1, answered: 0, clicked: 0 }]);
  const top = await listTopQueries({ ctx, input: { period: '90d', limit: 1 } });
  expect(top.queries).toEqual([{ query: 'red lamp', searches: 9, answered: 9, clicked: 1 }]);
});

test('a figure of one period beside the other, whole and slice by slice, and the sessions behind a slice', async () => {
  await restart();
  const now = ctx.deps.clock.now().getTime();
  const at = (n: number) => new Date(now - n * 60_000);
  const phone = { searchMeta: { device: 'phone' } };
  for (let n = 0; n < 4; n++) await visit({ sessionId: `p${n}`, userId: 'u', at: at(n * 5), ...phone });
  for (let n = 0; n < 2; n++)
    await visit({ sessionId: `d${n}`, query: 'blue', at: at(n), items: n === 0 ? [] : ['a'] });
  await visit({ sessionId: 'old', at: at(8 * 24 * 60), ...phone });
  await click('p1', 'b');
  await click('old', 'a');
  await follow();
  const series = (input: Omit<Parameters<typeof getMetricSeries>[0]['input'], 'metric'>) =>
    getMetricSeries({ ctx, input: { metric: 'ctr@10', ...input } });
  const byDevice = await series({ by: 'device' });
  expect(byDevice.total).toMatchObject({ value: 1 / 5, previous: 1 });
  expect(byDevice.slices).toMatchObject([{ slice: 'phone', searches: 4, value: 1 / 4, previous: 1 }]);
  expect(byDevice.total.past.filter((value) => value !== null)).toEqual([1]);
  expect((await series({ by: 'query' })).slices).toMatchObject([
    { slice: 'red lamp', value: 1 / 4 },
    { slice: 'blue', value: 0, previous: null },
  ]);
  expect((await series({ by: 'queries' })).slices.map(({ slice, searches }) => [slice, searches])).toEqual([
    ['frequent', 4],
    ['rare', 2],
  ]);
  expect(await series({ by: 'model', limit: 1 })).toMatchObject({ slices: [{ slice: 'none', searches: 6 }], more: 0 });
  expect((await series({ query: 'Blue!' })).total).toMatchObject({ value: 0, previous: null });
  const coverage = await getMetricSeries({ ctx, input: { metric: 'coverage', by: 'device' } });
  expect(coverage.slices[0]?.value).toBeNull();
  const filter = { slice: 'device:phone' };
  const { rows } = await listSessions({ ctx, input: { filter } });
  expect(rows.map(({ sessionId }) => sessionId)).toEqual(['p0', 'p1', 'p2', 'p3', 'old']);
  expect((await countFacets({ ctx, input: { filter } })).total).toBe(5);
  const first = await listQueries({ ctx, input: { limit: 1 } });
  expect(first).toMatchObject({ total: 2, rows: [{ query: 'red lamp', searches: 4, previous: { clickRate: 1 } }] });
  const second = await listQueries({ ctx, input: { limit: 1, cursor: first.next } });
  expect(second).toMatchObject({ next: null, rows: [{ query: 'blue', zeroResults: 1, previous: null }] });
  const lost = await listQueries({ ctx, input: { order: 'losers', minSearches: 1 } });
  expect(lost.rows).toMatchObject([{ query: 'red lamp', weight: 3, isMaybeChance: true }]);
  await expect(listQueries({ ctx, input: { cursor: 'nonsense' } })).rejects.toMatchObject({ field: 'cursor' });
});

test('whoever watches and is cut off gets all that came meanwhile, or is told how much it was', async () => {
  await restart();
  await visit({ sessionId: 'before' });
  await follow();
  const stopping = new AbortController();
  const watch = (lastEventId?: string) =>
    watchSessions({ ctx: { ...ctx, signal: stopping.signal }, input: { lastEventId } });
  const first = (await watch().next()).value;
  expect(first).toMatchObject({ rows: [], missed: 0 });
  for (let n = 0; n < 5; n++) await visit({ sessionId: `s${n}` });
  await follow();
  const resumed = (await watch(first?.id).next()).value;
  expect(resumed?.rows.map(({ sessionId }) => sessionId).sort()).toEqual(['s0', 's1', 's2', 's3', 's4']);
  await click('s2', 'a');
  await follow();
  const news = (await watch(resumed?.id).next()).value;
  expect(news?.rows).toMatchObject([{ sessionId: 's2', clicks: 1, flags: expect.arrayContaining(['clicked']) }]);
  for (let n = 0; n < 230; n++) await visit({ sessionId: `many${n}` });
  await follow();
  const late = (await watch(news?.id).next()).value;
  expect({ rows: late?.rows.length, missed: late?.missed }).toEqual({ rows: 200, missed: 30 });
  stopping.abort();
  expect((await watch(late?.id).next()).done).toBe(true);
});

test('a timeline links what the same user asked before and after', async () => {
  await restart();
  const now = ctx.deps.clock.now().getTime();
  await visit({ sessionId: 'a', query: 'lamp', userId: 'u', at: new Date(now - 100_000) });
  await visit({ sessionId: 'b', query: 'red light', userId: 'u', at: new Date(now - 60_000) });
  await visit({ sessionId: 'c', query: 'red light bulb', userId: 'u', at: new Date(now - 55_000) });
  await visit({ sessionId: 'other', query: 'red', userId: 'v', at: new Date(now - 55_000) });
  await click('c', 'b');
  await follow();
  const timeline = await getSessionTimeline({ ctx, input: { sessionId: 'c' } });
  expect(timeline.nearby.map(({ sessionId, continuation }) => [sessionId, continuation])).toEqual([
    ['a', 'reformulated'],
    ['b', 'keystroke'],
    ['c', null],
  ]);
  expect(timeline).toMatchObject({ dropped: null, batch: { status: 'collecting' }, shownCount: 3 });
  expect(timeline.shown[1]).toMatchObject({ itemId: 'b', clicks: 1, dwellSeconds: 5, title: null });
  await markIrrelevant({ ctx, input: { sessionId: 'c' } });
  expect((await getSessionTimeline({ ctx, input: { sessionId: 'c' } })).dropped).toBe('marked_irrelevant');
  await unmarkIrrelevant({ ctx, input: { sessionId: 'c' } });
  expect((await getSessionTimeline({ ctx, input: { sessionId: 'c' } })).dropped).toBeNull();
});

test('sessions are followed on when the batch that was read last is deleted, and leave the lists with it', async () => {
  await restart();
  await visit({ sessionId: 'old' });
  await follow();
  const batch = await ctx.deps.sessions.releaseBatch('r1');
  studio.passSeconds(1);
  await ctx.deps.sessions.deleteBatch(batch?.batchId ?? '', 100);
  await visit({ sessionId: 'new' });
  await follow();
  const { rows } = await listSessions({ ctx, input: {} });
  expect(rows.map(({ sessionId }) => sessionId)).toEqual(['new']);
});

test('sessions that showed or clicked some items are listed, counted and watched, and no longer once forgotten', async () => {
  await restart();
  const now = ctx.deps.clock.now().getTime();
  for (let n = 0; n < 12; n++)
    await visit({
      ...{ sessionId: `s${n}`, userId: `u${n % 2}`, at: new Date(now - (12 - n) * 40 * 60_000) },
      items: n % 3 === 0 ? ['x', 'y'] : ['a', 'b'],
    });
  await click('s3', 'y');
  await click('s4', 'outside the list');
  await follow();
  const idsOf = async (filter: Parameters<typeof listSessions>[0]['input']['filter']) =>
    (await listSessions({ ctx, input: { filter } })).rows.map(({ sessionId }) => sessionId);
  expect(await idsOf({ itemIds: ['x'] })).toEqual(['s9', 's6', 's3', 's0']);
  expect(await idsOf({ itemIds: ['x', 'y'], touch: 'clicked' })).toEqual(['s3']);
  expect(await idsOf({ itemIds: ['outside the list'] })).toEqual(['s4']);
  expect(await idsOf({ itemIds: ['x'], userId: 'u1', flags: ['noClick'] })).toEqual(['s9']);
  const [row] = (await listSessions({ ctx, input: {} })).rows;
  expect(row).not.toHaveProperty('shownIds');
  const counted = await countFacets({ ctx, input: { filter: { itemIds: ['y'] } } });
  expect(counted).toMatchObject({ total: 4, isAll: true, facets: { flags: { clicked: 1, noClick: 3 } } });
  const input = { filter: { itemIds: ['y'], touch: 'clicked' as const }, lastEventId: '0' };
  const news = (await watchSessions({ ctx, input }).next()).value;
  expect(news?.rows.map(({ sessionId }) => sessionId)).toEqual(['s3']);
  await eraseUser({ ctx, input: { userId: 'u1' } });
  await follow();
  expect(await idsOf({ itemIds: ['x', 'y'] })).toEqual(['s6', 's0']);
  const itemIds = Array.from({ length: 501 }, (_, at) => `i${at}`);
  await expect(listSessions({ ctx, input: { filter: { itemIds } } })).rejects.toMatchObject({
    field: 'filter.itemIds',
  });
});

test('facts of an older version are made anew by themselves', async () => {
  await restart();
  await visit({ sessionId: 's1', items: ['x'] });
  await follow();
  const { analytics } = ctx.deps;
  const [facts] = await analytics.findFacts(['s1']);
  if (facts === undefined) throw new Error('not followed');
  await analytics.putFacts([{ ...facts, shownIds: [] }]);
  await analytics.claimTurn('test', 60);
  await analytics.saveState('test', { version: 1 });
  await follow();
  expect((await analytics.findFacts(['s1']))[0]?.shownIds).toEqual(['x']);
});
