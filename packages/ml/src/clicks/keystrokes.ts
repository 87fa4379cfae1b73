import type { SessionWithEvents } from '@embedding-studio/contracts';
import { countEdits } from '../text/spelling-index.ts';
import { groupByUser } from './group-by-user.ts';
import { normaliseQuery } from './normalise-query.ts';

const pauseMs = 5_000;
const editsMax = 2;

/**
 * Sessions that are only a stage of typing: within five seconds the same user went on to a longer, shorter or slightly
 * changed query, and did nothing with the earlier list. The last query of such a chain is what was meant.
 */
export function findKeystrokes(sessions: readonly SessionWithEvents[]): Set<SessionWithEvents> {
  const stages = new Set<SessionWithEvents>();
  for (const own of groupByUser(sessions).values()) {
    own.sort((left, right) => left.createdAt.getTime() - right.createdAt.getTime());
    own.forEach((session, at) => {
      const next = own[at + 1];
      if (next !== undefined && isStageOf(session, next)) stages.add(session);
    });
  }
  return stages;
}

function isStageOf(session: SessionWithEvents, next: SessionWithEvents): boolean {
  if (session.events.length > 0 || session.isIrrelevant) return false;
  if (next.createdAt.getTime() - session.createdAt.getTime() >= pauseMs) return false;
  const [typed, later] = [normaliseQuery(session.query), normaliseQuery(next.query)];
  if (typed === later) return false;
  return later.startsWith(typed) || typed.startsWith(later) || countEdits(typed, later, editsMax) <= editsMax;
}
