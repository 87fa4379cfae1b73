import type { AnalyticsState, SessionTraits } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { foldHours, HourFold, keepSlices, keepTop, queriesPerDay, sumQueries, sumSlices } from './fold-facts.ts';
import { refreshFacts } from './refresh-facts.ts';

/**
 * Of what facts and counts hold; a change of it, or of `quantities`, makes all of them anew. 3: also the items that a
 * session showed or clicked. 5: slices, all that figures sum by query, items by hour.
 */
export const analyticsVersion = 5;
const turnSeconds = 60;
const sessionsPerPage = 500;
const hoursAtOnce = 8;
const daysAtOnce = 4;
const noteEveryMs = 10_000;
const dayMs = 86_400_000;

export interface RefreshAnalyticsInput {
  /** Names the process: one at a time follows the sessions. */
  owner: string;
  /** Bounds one call; the next goes on where it stopped. Default: 40. */
  pagesMax?: number;
}

export interface RefreshOutcome {
  /** Sessions whose facts were written. */
  sessions: number;
  hours: number;
  /** Nothing is left to do. */
  isCaughtUp: boolean;
}

/**
 * Follows the sessions: facts of those that are new or changed, then the counts of the hours and days they lie in. Safe
 * to end anywhere: the hours are noted before the facts are written. Null while another process is at it.
 */
export async function refreshAnalytics({
  ctx,
  input: { owner, pagesMax = 40 },
}: {
  ctx: Ctx;
  input: RefreshAnalyticsInput;
}): Promise<RefreshOutcome | null> {
  authorise(ctx, 'session.write');
  const { analytics } = ctx.deps;
  const found = await analytics.claimTurn(owner, turnSeconds);
  if (found === null) return null;
  const isOld = found.rebuildRequested || found.version !== analyticsVersion;
  const turn = { owner, state: isOld ? await startAnew(ctx, { owner, state: found }) : found };
  let sessions = 0;
  let isLast = false;
  for (let page = 0; page < pagesMax && !isLast; page++) {
    ctx.signal?.throwIfAborted();
    const read = await readPage(ctx, turn);
    sessions += read.written;
    isLast = read.isLast;
  }
  const hours = turn.state.dirtyHours.length;
  if (isLast || hours > 24) await foldDirty(ctx, turn);
  if (isLast) await noteCaughtUp(ctx, turn, sessions + hours > 0);
  return { sessions, hours, isCaughtUp: isLast };
}

interface Turn {
  owner: string;
  state: AnalyticsState;
}

async function save(ctx: Ctx, turn: Turn, change: Partial<AnalyticsState>): Promise<void> {
  await ctx.deps.analytics.saveState(turn.owner, change);
  turn.state = { ...turn.state, ...change };
}

async function noteCaughtUp(ctx: Ctx, turn: Turn, isNews: boolean): Promise<void> {
  const now = ctx.deps.clock.now();
  const { caughtUpAt } = turn.state;
  if (isNews || caughtUpAt === null || now.getTime() - caughtUpAt.getTime() >= noteEveryMs)
    await save(ctx, turn, { caughtUpAt: now });
}

async function startAnew(ctx: Ctx, turn: Turn): Promise<AnalyticsState> {
  await ctx.deps.analytics.clear();
  await save(ctx, turn, {
    ...{ version: analyticsVersion, cursor: null, dirtyHours: [], caughtUpAt: null, rebuildRequested: false },
  });
  return turn.state;
}

async function readPage(ctx: Ctx, turn: Turn): Promise<{ written: number; isLast: boolean }> {
  const { analytics, clock } = ctx.deps;
  const page = await analytics.listChanged({
    ...{ cursor: turn.state.cursor, until: clock.now(), limit: sessionsPerPage },
  });
  const { changed, traits, hours } = await refreshFacts(ctx, page.sessionIds);
  if (changed.length > 0) {
    const first = turn.state.sequence + 1;
    const dirtyHours = uniteHours(turn.state.dirtyHours, hours);
    await save(ctx, turn, { dirtyHours, sequence: turn.state.sequence + changed.length });
    await analytics.putTraits(traits);
    await analytics.putFacts(changed.map((facts, at) => ({ ...facts, sequence: first + at })));
  }
  // Most looks find nothing: they should cost no write.
  if (JSON.stringify(page.cursor) !== JSON.stringify(turn.state.cursor)) await save(ctx, turn, { cursor: page.cursor });
  return { written: changed.length, isLast: page.isLast };
}

function uniteHours(known: readonly Date[], more: readonly Date[]): Date[] {
  const times = new Set([...known, ...more].map((hour) => hour.getTime()));
  return [...times].sort((left, right) => left - right).map((time) => new Date(time));
}

async function foldDirty(ctx: Ctx, turn: Turn): Promise<void> {
  const hours = turn.state.dirtyHours;
  if (hours.length === 0) return;
  const traits = await ctx.deps.analytics.listTraits();
  const days = [...new Set(hours.map((hour) => Math.floor(hour.getTime() / dayMs) * dayMs))].map(
    (day) => new Date(day),
  );
  await foldSome(ctx, turn, { starts: hours, atOnce: hoursAtOnce, fold: (hour) => foldHour(ctx, hour, traits) });
  await foldSome(ctx, turn, { starts: days, atOnce: daysAtOnce, fold: (day) => foldDay(ctx, day) });
  await save(ctx, turn, { dirtyHours: [] });
}

interface Folding {
  starts: readonly Date[];
  atOnce: number;
  fold: (start: Date) => Promise<void>;
}

async function foldSome(ctx: Ctx, turn: Turn, { starts, atOnce, fold }: Folding): Promise<void> {
  for (let at = 0; at < starts.length; at += atOnce) {
    ctx.signal?.throwIfAborted();
    await Promise.all(starts.slice(at, at + atOnce).map(fold));
    await ctx.deps.analytics.claimTurn(turn.owner, turnSeconds);
  }
}

async function foldHour(ctx: Ctx, hour: Date, traits: ReadonlyMap<string, SessionTraits>): Promise<void> {
  const fold = new HourFold(traits);
  await ctx.deps.analytics.visitHour(hour, (facts) => fold.add(facts));
  const { bucket, queries, slices, touches } = fold.take(hour);
  await ctx.deps.analytics.putTouches(hour, touches);
  await ctx.deps.analytics.putBucket(bucket, { queries, slices });
}

async function foldDay(ctx: Ctx, from: Date): Promise<void> {
  const { analytics } = ctx.deps;
  const range = { from, to: new Date(from.getTime() + dayMs), size: 'hour' as const };
  const [hours, lists, sliced] = await Promise.all([
    analytics.listBuckets(range),
    analytics.listQueryBuckets(range),
    analytics.listSliceBuckets(range),
  ]);
  const queries = keepTop(sumQueries(lists.map((list) => list.queries)), queriesPerDay);
  const slices = keepSlices(sumSlices(sliced.map((bucket) => bucket.slices)));
  await analytics.putBucket(foldHours(from, hours), { queries, slices });
}
