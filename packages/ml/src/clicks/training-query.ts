import type { SessionWithEvents, TrainingQuery } from '@embedding-studio/contracts';
import { type ClickWeightOptions, findRejected, findSeen, weighClicks } from './click-weights.ts';
import { type DebiasOptions, debiasClicks, type RankedClick } from './debias-weights.ts';
import { normaliseQuery } from './normalise-query.ts';
import { findRejections } from './rejections.ts';
import { cleanSessions, type DropReason, findFlaw, isRejection } from './session-hygiene.ts';
import { orderShown } from './shown-order.ts';
import { rankShown } from './shown-ranks.ts';

export interface TrainingQueryOptions extends ClickWeightOptions, DebiasOptions {
  /**
   * Which unclicked items count as passed over. `examined`: those above the lowest click and the one right below it,
   * and those reported as seen. `all`: the whole list, for lists whose order is random or unknown.
   * `auto` (default): `all` when `searchMeta.order` is `random` or `unknown`, else `examined`.
   */
  skipped?: 'examined' | 'all' | 'auto';
}

export function sessionToTrainingQuery(
  session: SessionWithEvents,
  options: TrainingQueryOptions = {},
): { query: TrainingQuery } | { dropped: DropReason } {
  const flaw = findFlaw(session, options);
  if (flaw) return { dropped: flaw };
  return { query: toQuery(session, debiasClicks(listClicks(session, options), options), options) };
}

/**
 * Every usable session as a training query; the others counted by reason. A list marked as irrelevant adds its items to
 * what the other sessions of the same query passed over, unless one of them wanted the item; it is not counted then.
 * With propensities the clicks of a query are weighed against each other over all of its sessions.
 */
export function sessionsToTrainingQueries(
  sessions: readonly SessionWithEvents[],
  options: TrainingQueryOptions = {},
): { queries: TrainingQuery[]; dropped: Partial<Record<DropReason, number>> } {
  const { usable, dropped } = cleanSessions(sessions, options);
  const clicksOf = new Map(usable.map((session) => [session, listClicks(session, options)]));
  const debiased = options.propensities === undefined ? clicksOf : debiasByQuery(clicksOf, options);
  const queries = usable.map((session) => toQuery(session, debiased.get(session) ?? [], options));
  return addRejections({ queries, dropped }, sessions);
}

function listClicks(session: SessionWithEvents, options: TrainingQueryOptions): RankedClick[] {
  const ranks = hasOwnOrder(session) ? rankShown(session) : null;
  const weights = weighClicks(session, options);
  return orderShown(session.shown).flatMap((itemId) => {
    const weight = weights.get(itemId);
    return weight === undefined ? [] : [{ itemId, weight, rank: ranks?.get(itemId) ?? null }];
  });
}

type Clicks = Map<SessionWithEvents, RankedClick[]>;

function debiasByQuery(clicksOf: Clicks, options: TrainingQueryOptions): Clicks {
  const byQuery = new Map<string, (RankedClick & { session: SessionWithEvents })[]>();
  for (const [session, clicks] of clicksOf) {
    const key = normaliseQuery(session.query);
    const own = byQuery.get(key) ?? [];
    byQuery.set(key, own);
    for (const click of clicks) own.push({ ...click, session });
  }
  const debiased: Clicks = new Map();
  for (const own of byQuery.values())
    for (const click of debiasClicks(own, options))
      debiased.set(click.session, [...(debiased.get(click.session) ?? []), click]);
  return debiased;
}

function toQuery(
  session: SessionWithEvents,
  clicks: readonly RankedClick[],
  options: TrainingQueryOptions,
): TrainingQuery {
  const clicked = clicks.map(({ itemId, weight }) => ({ itemId, weight }));
  const { sessionId: queryId, query: text } = session;
  return { queryId, text, clicked, skipped: findSkipped({ session, clicks, options }) };
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

function findSkipped(given: {
  session: SessionWithEvents;
  clicks: readonly RankedClick[];
  options: TrainingQueryOptions;
}): string[] {
  const { session, clicks, options } = given;
  const shown = orderShown(session.shown);
  const clicked = new Set(clicks.map(({ itemId }) => itemId));
  const unclicked = shown.filter((itemId) => !clicked.has(itemId));
  if (isWholeListExamined(session, options)) return unclicked;
  const lowestClick = shown.findLastIndex((itemId) => clicked.has(itemId));
  const examined = new Set([...shown.slice(0, lowestClick + 2), ...findSeen(session), ...findRejected(session)]);
  return unclicked.filter((itemId) => examined.has(itemId));
}

function isWholeListExamined(session: SessionWithEvents, options: TrainingQueryOptions): boolean {
  const mode = options.skipped ?? 'auto';
  return mode === 'auto' ? !hasOwnOrder(session) : mode === 'all';
}

/** In random order every item stands at every rank alike, so that no rank is to be weighed up; nor is an unknown one. */
function hasOwnOrder({ searchMeta }: SessionWithEvents): boolean {
  return searchMeta?.order !== 'random' && searchMeta?.order !== 'unknown';
}
