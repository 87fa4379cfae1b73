import type { SessionEvent, SessionWithEvents } from '@embedding-studio/contracts';
import { type ClickWeightOptions, weighClicks } from './click-weights.ts';
import { normaliseQuery } from './normalise-query.ts';

export const dropReasons = [
  'marked_irrelevant',
  'empty_query',
  'no_shown_list',
  'no_clicks',
  'clicks_outside_list',
  'clicked_nearly_all',
  'clicks_too_fast',
  'duplicate',
] as const;
export type DropReason = (typeof dropReasons)[number];

const noisyShare = 0.8;
const noisyShownMin = 5;
const clicksPerMinuteMax = 30;
const refetchMs = 5 * 60_000;

/** Why a session says nothing about relevance; null when it is usable. */
export function findFlaw(session: SessionWithEvents, options: ClickWeightOptions = {}): DropReason | null {
  if (session.isIrrelevant) return 'marked_irrelevant';
  if (normaliseQuery(session.query) === '') return 'empty_query';
  if (session.shown.length === 0) return 'no_shown_list';
  const clicked = weighClicks(session, options);
  if (clicked.size === 0) return 'no_clicks';
  const shown = new Set(session.shown.map(({ itemId }) => itemId));
  if ([...clicked.keys()].some((itemId) => !shown.has(itemId))) return 'clicks_outside_list';
  if (shown.size >= noisyShownMin && clicked.size >= noisyShare * shown.size) return 'clicked_nearly_all';
  return hasBurst(session.events) ? 'clicks_too_fast' : null;
}

/**
 * Usable sessions and a count of the others by reason. A page that the same user fetched again within five minutes
 * (same query, same list) counts once: its last fetch.
 */
export function cleanSessions(
  sessions: readonly SessionWithEvents[],
  options: ClickWeightOptions = {},
): { usable: SessionWithEvents[]; dropped: Partial<Record<DropReason, number>> } {
  const dropped: Partial<Record<DropReason, number>> = {};
  const drop = (reason: DropReason) => {
    dropped[reason] = (dropped[reason] ?? 0) + 1;
  };
  const usable: SessionWithEvents[] = [];
  const repeated = findRefetched(sessions);
  for (const session of sessions) {
    const flaw = repeated.has(session) ? 'duplicate' : findFlaw(session, options);
    if (flaw) drop(flaw);
    else usable.push(session);
  }
  return { usable, dropped };
}

function findRefetched(sessions: readonly SessionWithEvents[]): Set<SessionWithEvents> {
  const repeated = new Set<SessionWithEvents>();
  const lastOf = new Map<string, SessionWithEvents>();
  const inTime = [...sessions].sort((left, right) => left.createdAt.getTime() - right.createdAt.getTime());
  for (const session of inTime) {
    if (session.userId === undefined) continue;
    const list = session.shown.map(({ itemId }) => itemId);
    const key = JSON.stringify([session.userId, normaliseQuery(session.query), list]);
    const earlier = lastOf.get(key);
    if (earlier && session.createdAt.getTime() - earlier.createdAt.getTime() <= refetchMs) repeated.add(earlier);
    lastOf.set(key, session);
  }
  return repeated;
}

/** More than 30 events within some minute whose times differ: a script, not a reader. */
function hasBurst(events: readonly SessionEvent[]): boolean {
  const times = events.map((event) => event.createdAt.getTime()).sort((left, right) => left - right);
  if (times[0] === times.at(-1)) return false;
  return times.some((time, index) => {
    const later = times[index + clicksPerMinuteMax];
    return later !== undefined && later - time < 60_000;
  });
}
