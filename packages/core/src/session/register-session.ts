import { SessionId, ShownResult } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { checkEventTime } from './event-time.ts';

export const RegisterSessionInput = z.object({
  sessionId: SessionId,
  query: z.string().max(2_000),
  /** What the user saw, top first. */
  shown: z.array(ShownResult).max(1_000),
  userId: z.string().min(1).max(128).optional(),
  searchMeta: z.record(z.string(), z.unknown()).optional(),
  createdAt: z.date().optional(),
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
  const { created } = await ctx.deps.sessions.registerSession({ ...session, createdAt });
  if (created) await recordAudit(ctx, { action: 'session.register', subject: session.sessionId });
  return { created };
}
