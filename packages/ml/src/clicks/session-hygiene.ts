import { type ExclusionReason, exclusionReasons, type SessionWithEvents } from '@embedding-studio/contracts';
import { type ClickWeightOptions, dwellOf, weighClicks } from './click-weights.ts';
import { findKeystrokes } from './keystrokes.ts';
import { normaliseQuery } from './normalise-query.ts';
import { exceedsRate, findUserFlaws } from './user-rates.ts';

export const dropReasons = [
  'marked_irrelevant',
  'empty_query',
  'no_shown_list',
  'no_clicks',
  'keystroke',
  'duplicate',
  ...exclusionReasons,
] as const;
export type DropReason = (typeof dropReasons)[number];

const noisyShare = 0.8;
const noisyShownMin = 5;
const clicksPerMinuteMax = 30;
const refetchMs = 5 * 60_000;
/** Clocks of a browser and of the server may differ by as much as an event may lie ahead. */
const clockSlackMs = 5 * 60_000;

/** Why a session says nothing about relevance; null when it is usable. */
export function findFlaw(session: SessionWithEvents, options: ClickWeightOptions = {}): DropReason | null {
  const stored = session.exclusions?.[0];
  if (stored !== undefined) return stored;
  if (session.isIrrelevant) return 'marked_irrelevant';
  if (normaliseQuery(session.query) === '') return 'empty_query';
  if (session.shown.length === 0) return 'no_shown_list';
  const clicked = weighClicks(session, options);
  if (clicked.size === 0) return 'no_clicks';
  const shown = new Set(session.shown.map(({ itemId }) => itemId));
  if ([...clicked.keys()].some((itemId) => !shown.has(itemId))) return 'clicks_outside_list';
  if (shown.size >= noisyShownMin && clicked.size >= noisyShare * shown.size) return 'clicked_nearly_all';
  if (hasImpossibleDwell(session)) return 'impossible_dwell';
  const times = session.events.map(({ createdAt }) => createdAt.getTime());
  return exceedsRate(times, clicksPerMinuteMax) ? 'clicks_too_fast' : null;
}

/** A session that its user marked as without any good answer, and that nothing else speaks against. */
export function isRejection(session: SessionWithEvents): boolean {
  return findFlaw(session) === 'marked_irrelevant' && session.shown.length > 0 && normaliseQuery(session.query) !== '';
}

export interface CleanOptions extends ClickWeightOptions {
  /** Lists that nobody clicked on are usable too: they tell about positions, though not about relevance. */
  keepsUnclicked?: boolean;
}

export interface CleanSessions {
  usable: SessionWithEvents[];
  /** Why each of the others was left out. */
  flaws: Map<SessionWithEvents, DropReason>;
  dropped: Partial<Record<DropReason, number>>;
}

/**
 * Usable sessions and a count of the others by reason. Stages of typing are taken away first. A page that the same user
 * fetched again within five minutes (same query, same list) counts once: its last fetch.
 */
export function cleanSessions(sessions: readonly SessionWithEvents[], options: CleanOptions = {}): CleanSessions {
  const flaws = new Map<SessionWithEvents, DropReason>();
  const usable: SessionWithEvents[] = [];
  const typed = findKeystrokes(sessions);
  const meant = sessions.filter((session) => !typed.has(session));
  const repeated = findRefetched(meant);
  const ofUsers = findUserFlaws(meant);
  for (const session of typed) flaws.set(session, 'keystroke');
  for (const session of meant) {
    const own = repeated.has(session) ? 'duplicate' : findFlaw(session, options);
    const isKept = own === null || (own === 'no_clicks' && options.keepsUnclicked === true);
    const flaw = isKept ? (ofUsers.get(session) ?? null) : own;
    if (flaw) flaws.set(session, flaw);
    else usable.push(session);
  }
  return { usable, flaws, dropped: countReasons(flaws.values()) };
}

export function countReasons(flaws: Iterable<DropReason>): Partial<Record<DropReason, number>> {
  const counts: Partial<Record<DropReason, number>> = {};
  for (const flaw of flaws) counts[flaw] = (counts[flaw] ?? 0) + 1;
  return counts;
}

const lasting: ReadonlySet<string> = new Set(exclusionReasons);

/** What should be stored with the sessions as their exclusion; those that have it already are left out. */
export function findExclusions(
  sessions: readonly SessionWithEvents[],
): { sessionId: string; reasons: ExclusionReason[] }[] {
  const typed = findKeystrokes(sessions);
  const ofUsers = findUserFlaws(sessions.filter((session) => !typed.has(session)));
  return sessions.flatMap((session) => {
    const found = [findFlaw({ ...session, exclusions: [] }), ofUsers.get(session) ?? null];
    const reasons = found.filter((reason): reason is ExclusionReason => reason !== null && lasting.has(reason));
    const added = reasons.filter((reason) => !session.exclusions?.includes(reason));
    return added.length === 0 ? [] : [{ sessionId: session.sessionId, reasons: added }];
  });
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

/** Nobody can have stayed longer than since the list was shown. */
function hasImpossibleDwell(session: SessionWithEvents): boolean {
  return session.events.some((event) => {
    const dwell = dwellOf(event);
    const since = event.receivedAt.getTime() - session.createdAt.getTime();
    return dwell !== null && dwell * 1_000 > Math.max(0, since) + clockSlackMs;
  });
}
