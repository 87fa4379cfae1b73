import {
  type Ctx,
  countFacets,
  getMetrics,
  importSessions,
  type ListSessionsInput,
  listSessions,
  listTopQueries,
  refreshAnalytics,
} from '@embedding-studio/core';
import type { Progress } from '../../apps/studio/src/terminal/progress.ts';
import { createSessionMaker, days } from './make-sessions.ts';
import { type Timing, time } from './open-facts.ts';
import { type FactsBenchOptions, runOverFacts } from './run-over-facts.ts';

const followed = 10_000;

/** Lists, facets and figures over many sessions on the embedded document server. */
export function runSessionsBench(options: FactsBenchOptions): Promise<{ isGoalMissed: boolean }> {
  return runOverFacts(options, async (ctx, progress) => {
    const timings = await measureAll(ctx, options.repeats);
    const followedPerSecond = await measureFollowing(ctx, progress);
    const remark = `New sessions are followed at ${followedPerSecond} a second.`;
    return { timings, rowsAre: 'rows', more: { followedPerSecond }, remark };
  });
}

const manyItems = Array.from({ length: 500 }, (_, at) => `item-${at * 19}`);
const lists: Record<string, ListSessionsInput['filter']> = {
  'first page': {},
  'zero results (4 %)': { flags: ['zeroResult'] },
  'robots (0.1 %)': { exclusions: ['bot_agent'] },
  'no click, reformulated (4 %)': { flags: ['noClick', 'reformulated'] },
  'purchases of one model (0.5 %)': { events: ['converted'], models: ['mdl_1'] },
  'marked irrelevant after a purchase (0.004 %)': { events: ['converted'], flags: ['irrelevant'] },
  'one user': { userId: 'user-500' },
  'rare query prefix': { query: 'red lamp 77' },
  'frequent query prefix (8 %)': { query: 'red' },
  'one item (0.1 %)': { itemIds: ['item-77'] },
  'one item, clicked (0.004 %)': { itemIds: ['item-77'], touch: 'clicked' },
  '500 items (40 %)': { itemIds: manyItems },
  '500 items, marked irrelevant': { itemIds: manyItems, flags: ['irrelevant'] },
  '500 items of which none was shown': { itemIds: manyItems.map((itemId) => `${itemId}-never`) },
  'frequent prefix, robots': { query: 'red', exclusions: ['bot_agent'] },
};

async function measureAll(ctx: Ctx, repeats: number): Promise<Timing[]> {
  const timings: Timing[] = [];
  for (const [name, filter] of Object.entries(lists))
    timings.push(await time(name, repeats, async () => (await listSessions({ ctx, input: { filter } })).rows.length));
  const deep = Buffer.from(JSON.stringify([Date.now() - (days / 2) * 86_400_000, 'x'])).toString('base64url');
  const page = async () => (await listSessions({ ctx, input: { cursor: deep } })).rows.length;
  timings.push(await time('a page in the middle', repeats, page));
  for (const [name, filter] of Object.entries({
    'facets of all': {},
    'facets of a prefix (5,000+)': { query: 'red' },
    'facets of one item': { itemIds: ['item-77'] },
    'facets of 500 items (5,000+)': { itemIds: manyItems },
  }))
    timings.push(await time(name, repeats, async () => (await countFacets({ ctx, input: { filter } })).total));
  for (const period of ['24h', '30d', '90d'] as const)
    timings.push(
      await time(
        `figures of ${period}`,
        repeats,
        async () => (await getMetrics({ ctx, input: { period } })).figures.length,
      ),
    );
  const top = async () => (await listTopQueries({ ctx, input: { period: '90d' } })).queries.length;
  timings.push(await time('top queries of 90d', repeats, top));
  return timings;
}

/** New sessions with a click each, from being stored to being in lists and counts. */
async function measureFollowing(ctx: Ctx, progress: Progress): Promise<number> {
  progress.say(`following ${followed} new sessions`);
  const make = createSessionMaker(ctx.deps.clock.now(), followed);
  for (let start = 0; start < followed; start += 1_000) {
    const sessions = Array.from({ length: 1_000 }, (_, at) => make(start + at)).map(({ sessionId, ...session }) => ({
      ...{ sessionId: `new-${sessionId}`, query: session.query, shown: session.shown, userId: session.userId },
      ...{ createdAt: ctx.deps.clock.now(), events: [{ eventId: 'e', itemId: session.shown[0]?.itemId ?? 'a' }] },
    }));
    await importSessions({ ctx, input: { sessions } });
  }
  const from = performance.now();
  for (let isDone = false; !isDone; )
    isDone = (await refreshAnalytics({ ctx, input: { owner: 'bench' } }))?.isCaughtUp ?? true;
  return Math.round(followed / ((performance.now() - from) / 1_000));
}
