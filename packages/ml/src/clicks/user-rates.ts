import type { ExclusionReason, SessionWithEvents } from '@embedding-studio/contracts';
import { weighClicks } from './click-weights.ts';
import { groupByUser } from './group-by-user.ts';

/** A reader with several tabs stays below it. */
const userClicksPerMinuteMax = 60;
const userSessionsPerMinuteMax = 30;
const oneItemClicksMin = 50;
const oneItemShare = 0.8;

/** What only shows when a user's sessions are taken together. Visitors without a name are never taken for one. */
export function findUserFlaws(sessions: readonly SessionWithEvents[]): Map<SessionWithEvents, ExclusionReason> {
  const flaws = new Map<SessionWithEvents, ExclusionReason>();
  for (const own of groupByUser(sessions).values()) {
    const reason = flawOf(own);
    if (reason !== null) for (const session of own) flaws.set(session, reason);
  }
  return flaws;
}

function flawOf(own: readonly SessionWithEvents[]): ExclusionReason | null {
  const clicks = own.flatMap(({ events }) => events.map(({ createdAt }) => createdAt.getTime()));
  const starts = own.map(({ createdAt }) => createdAt.getTime());
  if (exceedsRate(clicks, userClicksPerMinuteMax) || exceedsRate(starts, userSessionsPerMinuteMax))
    return 'user_too_fast';
  return hammersOneItem(own) ? 'user_one_item' : null;
}

/** More than `most` within some minute, unless all carry one time, as imports do. */
export function exceedsRate(given: readonly number[], most: number): boolean {
  const times = [...given].sort((left, right) => left - right);
  if (times[0] === times.at(-1)) return false;
  return times.some((time, index) => {
    const later = times[index + most];
    return later !== undefined && later - time < 60_000;
  });
}

/** Clicks of the user in which nearly always the same item is wanted: not a reader, but somebody who pushes it. */
function hammersOneItem(own: readonly SessionWithEvents[]): boolean {
  if (own.length < oneItemClicksMin) return false;
  const counts = new Map<string, number>();
  let total = 0;
  for (const session of own)
    for (const itemId of weighClicks(session).keys()) {
      counts.set(itemId, (counts.get(itemId) ?? 0) + 1);
      total++;
    }
  const most = Math.max(0, ...counts.values());
  return most >= oneItemClicksMin && most >= oneItemShare * total;
}
