import type { SessionWithEvents, TrainingQuery } from '@embedding-studio/contracts';
import { type ClickWeightOptions, findRejected, findSeen, weighClicks } from './click-weights.ts';
import { normaliseQuery } from './normalise-query.ts';
import { findRejections } from './rejections.ts';
import { cleanSessions, type DropReason, findFlaw, isRejection } from './session-hygiene.ts';
import { orderShown } from './shown-order.ts';

export interface TrainingQueryOptions extends ClickWeightOptions {
  /**
   * Which unclicked items count as passed over. `examined`: those above the lowest click and the one right below it,
   * and those reported as seen. `all`: the whole list, for lists whose order is random or unknown.
   * `auto` (default): `all` when `searchMeta.order` is `random` or `unknown`, else `examined`.
   */
  skipped?: 'examined' | 'all' | 'auto';
  /** Chance that rank 1, 2, … is looked at, for inverse propensity weights. */
  propensities?: readonly number[];
  /** Cap of the inverse propensity; default 10. */
  inversePropensityMax?: number;
}

export function sessionToTrainingQuery(
  session: SessionWithEvents,
  options: TrainingQueryOptions = {},
): { query: TrainingQuery } | { dropped: DropReason } {
  const flaw = findFlaw(session, options);
  if (flaw) return { dropped: flaw };
  const shown = orderShown(session.shown);
  const weights = weighClicks(session, options);
  const clicked = shown.filter((itemId) => weights.has(itemId));
  return {
    query: {
      queryId: session.sessionId,
      text: session.query,
      clicked: correctWeights({ clicked, shown, weights, options }),
      skipped: findSkipped({ session, shown, weights, options }),
    },
  };
}

/**
 * Every usable session as a training query; the others counted by reason. A list marked as irrelevant adds its items to
 * what the other sessions of the same query passed over, unless one of them wanted the item; it is not counted then.
 */
export function sessionsToTrainingQueries(
  sessions: readonly SessionWithEvents[],
  options: TrainingQueryOptions = {},
): { queries: TrainingQuery[]; dropped: Partial<Record<DropReason, number>> } {
  const { usable, dropped } = cleanSessions(sessions, options);
  const queries = usable.flatMap((session) => {
    const result = sessionToTrainingQuery(session, options);
    return 'query' in result ? [result.query] : [];
  });
  return addRejections({ queries, dropped }, sessions);
}

type TrainingQueries = { queries: TrainingQuery[]; dropped: Partial<Record<DropReason, number>> };

function addRejections({ queries, dropped }: TrainingQueries, sessions: readonly SessionWithEvents[]): TrainingQueries {
  const rejections = findRejections(sessions);
  if (rejections.size === 0) return { queries, dropped };
  const keys = queries.map(({ text }) => normaliseQuery(text));
  const wanted = new Map(keys.map((key) => [key, new Set<string>()]));
  queries.forEach((query, at) => {
    for (const { itemId } of query.clicked) wanted.get(keys[at] ?? '')?.add(itemId);
  });
  const extended = queries.map((query, at) => {
    const key = keys[at] ?? '';
    const rejected = [...(rejections.get(key) ?? [])].filter((itemId) => !wanted.get(key)?.has(itemId));
    return { ...query, skipped: [...new Set([...query.skipped, ...rejected])] };
  });
  const used = sessions.filter((session) => isRejection(session) && wanted.has(normaliseQuery(session.query))).length;
  const { marked_irrelevant: marked = 0, ...others } = dropped;
  return { queries: extended, dropped: marked > used ? { ...others, marked_irrelevant: marked - used } : others };
}

interface Parts {
  shown: readonly string[];
  weights: ReadonlyMap<string, number>;
  options: TrainingQueryOptions;
}

/** Satisfaction × capped inverse propensity, self-normalised so that a query keeps its total weight. */
function correctWeights({ clicked, shown, weights, options }: Parts & { clicked: readonly string[] }) {
  const { propensities, inversePropensityMax = 10 } = options;
  const rankOf = new Map(shown.map((itemId, rank) => [itemId, rank]));
  const inverse = clicked.map((itemId) => {
    const chance = propensities?.[rankOf.get(itemId) ?? 0] ?? propensities?.at(-1) ?? 1;
    return Math.min(inversePropensityMax, 1 / Math.max(chance, 1e-9));
  });
  const mean = inverse.reduce((sum, factor) => sum + factor, 0) / inverse.length;
  return clicked.map((itemId, index) => ({
    itemId,
    weight: ((weights.get(itemId) ?? 0) * (inverse[index] ?? 1)) / mean,
  }));
}

function findSkipped({ session, shown, weights, options }: Parts & { session: SessionWithEvents }): string[] {
  const unclicked = shown.filter((itemId) => !weights.has(itemId));
  if (isWholeListExamined(session, options)) return unclicked;
  const lowestClick = shown.findLastIndex((itemId) => weights.has(itemId));
  const examined = new Set([...shown.slice(0, lowestClick + 2), ...findSeen(session), ...findRejected(session)]);
  return unclicked.filter((itemId) => examined.has(itemId));
}

function isWholeListExamined(session: SessionWithEvents, options: TrainingQueryOptions): boolean {
  const mode = options.skipped ?? 'auto';
  if (mode !== 'auto') return mode === 'all';
  return session.searchMeta?.order === 'random' || session.searchMeta?.order === 'unknown';
}
