import { type NewSession, SessionExperiment, SessionId, ShownResult } from '@embedding-studio/contracts';
import { isBotAgent } from '@embedding-studio/ml/clicks';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordVisit } from '../record-audit.ts';
import { checkEventTime } from './event-time.ts';

export const RegisterSessionInput = z.object({
  sessionId: SessionId,
  query: z.string().max(2_000),
  /** What the user saw, top first. */
  shown: z.array(ShownResult).max(1_000),
  userId: z.string().min(1).max(128).optional(),
  searchMeta: z.record(z.string(), z.unknown()).optional(),
  /** As the search that made the list gave them. */
  experiments: z.array(SessionExperiment).max(5).optional(),
  createdAt: z.date().optional(),
  /** User agent or client name: robots that say so are told by it. It is not stored. */
  userAgent: z.string().max(1_000).optional(),
});
export type RegisterSessionInput = z.input<typeof RegisterSessionInput>;

/** Idempotent on the session's id: the first write wins. */
export async function registerSession({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: RegisterSessionInput;
}): Promise<{ created: boolean }> {
  authorise(ctx, 'session.write');
  const session = parseInput(RegisterSessionInput, input);
  const createdAt = checkEventTime(session.createdAt, { now: ctx.deps.clock.now(), field: 'createdAt' });
  const { created, isSpooled } = await ctx.deps.sessions.registerSession(toNewSession({ ...session, createdAt }));
  if (created || isSpooled) await recordVisit(ctx, { action: 'session.register', subject: session.sessionId });
  return { created };
}

type GivenSession = Omit<NewSession, 'exclusions'> & { userAgent?: string };

export function toNewSession({ userAgent, ...session }: GivenSession): NewSession {
  const isBot = userAgent !== undefined && isBotAgent(userAgent);
  return isBot ? { ...session, exclusions: ['bot_agent'] } : session;
}
