import type { Ctx } from '../context.ts';
import { sumCells } from './fold-facts.ts';
import { asksForTraits, hasTraits, placeOf, SessionFilter } from './session-filter.ts';

/** So many sessions of one user, query prefix or some items are counted; of more it is said that there are more. */
const countedMax = 5_000;
/** Sessions of some items are counted in so many of the newest hours that have any: about a month. */
const hoursMax = 720;
const yearMs = 366 * 86_400_000;

export interface TraitsCount {
  /** Sessions by traits, of the range, user and query; the facets aside. */
  counts: ReadonlyMap<string, number>;
  /** false: there are more than were counted. */
  isAll: boolean;
}

/** From what is counted by hour and day; sessions of a user, a query or items are counted one by one, up to 5,000. */
export async function countByTraits(ctx: Ctx, filter: SessionFilter): Promise<TraitsCount> {
  const place = placeOf(filter);
  const { analytics, clock } = ctx.deps;
  if ([place.userId, place.queryPrefix, place.slice, place.items].some((condition) => condition !== null))
    return analytics.countTraits(
      { ...place, traitsKeys: null, expected: null },
      { sessions: countedMax, hours: hoursMax },
    );
  const to = place.to ?? new Date(clock.now().getTime() + yearMs);
  const buckets = await analytics.listBuckets({ from: place.from ?? new Date(0), to });
  const cells = [...sumCells(buckets)];
  return { counts: new Map(cells.map(([key, tally]) => [key, tally.sessions])), isAll: true };
}

const rememberedMs = 60_000;
const remembered = new WeakMap<object, { at: number; counts: ReadonlyMap<string, number> }>();

/** All sessions by traits as of a minute ago at most: good enough to choose a way by. */
async function recallCounts(ctx: Ctx): Promise<ReadonlyMap<string, number>> {
  const now = ctx.deps.clock.now().getTime();
  const known = remembered.get(ctx.deps.analytics);
  if (known !== undefined && now - known.at < rememberedMs) return known.counts;
  const { counts } = await countByTraits(ctx, SessionFilter.parse({}));
  remembered.set(ctx.deps.analytics, { at: now, counts });
  return counts;
}

/** The traits that are asked for, and about how many sessions have them. */
export async function chooseTraits(
  ctx: Ctx,
  filter: SessionFilter,
): Promise<{ keys: string[] | null; expected: { matching: number; total: number } | null }> {
  if (!asksForTraits(filter)) return { keys: null, expected: null };
  const traits = await ctx.deps.analytics.listTraits();
  const keys = [...traits].filter(([, found]) => hasTraits(found, filter)).map(([key]) => key);
  const counts = await recallCounts(ctx);
  const wanted = new Set(keys);
  let [matching, total] = [0, 0];
  for (const [key, count] of counts) {
    total += count;
    if (wanted.has(key)) matching += count;
  }
  return { keys, expected: { matching, total } };
}
