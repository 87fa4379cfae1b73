import { SessionId, type SessionWithEvents } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';

export const SessionIdInput = z.object({ sessionId: SessionId });
export type SessionIdInput = z.input<typeof SessionIdInput>;

export async function getSession({ ctx, input }: { ctx: Ctx; input: SessionIdInput }): Promise<SessionWithEvents> {
  authorise(ctx, 'session.read');
  const { sessionId } = parseInput(SessionIdInput, input);
  return ctx.deps.sessions.getSession(sessionId);
}
