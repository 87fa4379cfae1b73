import type { SessionWithEvents } from '@embedding-studio/contracts';
import { findExclusions } from '@embedding-studio/ml/clicks';
import type { Ctx } from '../context.ts';

/** Judges sessions and stores what speaks against them; the sessions come back with it. Safe to repeat. */
export async function recordExclusions(ctx: Ctx, sessions: readonly SessionWithEvents[]): Promise<SessionWithEvents[]> {
  const verdicts = findExclusions(sessions);
  if (verdicts.length === 0) return [...sessions];
  await ctx.deps.sessions.excludeSessions(verdicts);
  const reasonsOf = new Map(verdicts.map(({ sessionId, reasons }) => [sessionId, reasons]));
  return sessions.map((session) => {
    const added = reasonsOf.get(session.sessionId);
    return added === undefined ? session : { ...session, exclusions: [...(session.exclusions ?? []), ...added] };
  });
}
