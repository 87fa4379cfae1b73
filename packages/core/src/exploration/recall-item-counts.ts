import type { ItemCounts } from '@embedding-studio/ml/explore';
import type { Ctx } from '../context.ts';

/** Newest sessions that are looked at, and how long what was counted holds. */
const sessionsMax = 5_000;
const sessionsPerPage = 500;
const holdMs = 60_000;

type Counts = ReadonlyMap<string, ItemCounts>;

interface Remembered {
  counts: Counts;
  countedAt: number;
  isCounting: boolean;
}

const known = new WeakMap<object, Remembered>();

/**
 * How often each item was shown and clicked in the newest sessions, as this process last counted. Never waits: a search
 * that finds the counts old, or none, starts the next count and goes by what there is.
 */
export function recallItemCounts(ctx: Ctx): Counts {
  const { analytics, clock } = ctx.deps;
  const now = clock.now().getTime();
  const remembered = known.get(analytics) ?? {
    counts: new Map(),
    countedAt: Number.NEGATIVE_INFINITY,
    isCounting: false,
  };
  known.set(analytics, remembered);
  if (!remembered.isCounting && now - remembered.countedAt >= holdMs) {
    remembered.isCounting = true;
    void countItems(ctx)
      .then((counts) => Object.assign(remembered, { counts, countedAt: now }))
      .catch((error) => ctx.deps.log.warn({ error: String(error) }, 'items are not counted for exploration'))
      .finally(() => {
        remembered.isCounting = false;
      });
  }
  return remembered.counts;
}

async function countItems(ctx: Ctx): Promise<Counts> {
  const counts = new Map<string, ItemCounts>();
  const everything = {
    ...{ traitsKeys: null, expected: null, from: null, to: null, userId: null, queryPrefix: null, items: null },
  };
  let after: { at: Date; sessionId: string } | null = null;
  for (let read = 0; read < sessionsMax; read += sessionsPerPage) {
    const page = await ctx.deps.analytics.listFacts({ ...everything, after, limit: sessionsPerPage });
    for (const { shownIds, clickedIds } of page) {
      const clicked = new Set(clickedIds);
      for (const itemId of new Set(shownIds)) {
        const { impressions, clicks } = counts.get(itemId) ?? { impressions: 0, clicks: 0 };
        counts.set(itemId, { impressions: impressions + 1, clicks: clicks + Number(clicked.has(itemId)) });
      }
    }
    const last = page.at(-1);
    if (last === undefined || page.length < sessionsPerPage) break;
    after = { at: last.at, sessionId: last.sessionId };
  }
  return counts;
}
