import type { SessionWithEvents } from '@embedding-studio/contracts';
import { groupByUser } from './group-by-user.ts';
import { normaliseQuery } from './normalise-query.ts';

const pauseMs = 60_000;

/**
 * Sessions after which the same user asked something else within a minute: their list did not answer. Who leaves a list
 * without a click and without another question may have read the answer off it.
 */
export function findAskedAgain(sessions: readonly SessionWithEvents[]): Set<SessionWithEvents> {
  const found = new Set<SessionWithEvents>();
  for (const own of groupByUser(sessions).values()) {
    const inTime = own.toSorted((left, right) => left.createdAt.getTime() - right.createdAt.getTime());
    inTime.forEach((session, at) => {
      const next = inTime[at + 1];
      if (next === undefined || next.createdAt.getTime() - session.createdAt.getTime() > pauseMs) return;
      if (normaliseQuery(next.query) !== normaliseQuery(session.query)) found.add(session);
    });
  }
  return found;
}
