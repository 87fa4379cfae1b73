import type { SessionWithEvents } from '@embedding-studio/contracts';

/** Sessions of each user, in the order given. Visitors without a name are never taken for one another. */
export function groupByUser(sessions: readonly SessionWithEvents[]): Map<string, SessionWithEvents[]> {
  const groups = new Map<string, SessionWithEvents[]>();
  for (const session of sessions) {
    if (session.userId === undefined) continue;
    const own = groups.get(session.userId);
    if (own === undefined) groups.set(session.userId, [session]);
    else own.push(session);
  }
  return groups;
}
