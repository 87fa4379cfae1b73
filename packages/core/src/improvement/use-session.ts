import { SessionId } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { noteFeedback } from './request-improvement.ts';

export const UseSessionInput = z.object({ sessionId: SessionId });
export type UseSessionInput = z.input<typeof UseSessionInput>;

/** Learns from a session now. One without events that is not marked irrelevant teaches nothing: `queued` is false. */
export async function useSession({ ctx, input }: { ctx: Ctx; input: UseSessionInput }): Promise<{ queued: boolean }> {
  authorise(ctx, 'session.write');
  const { sessionId } = parseInput(UseSessionInput, input);
  const { events, isIrrelevant } = await ctx.deps.sessions.getSession(sessionId);
  const queued = events.length > 0 || isIrrelevant;
  if (queued) await noteFeedback(ctx);
  await recordAudit(ctx, { action: 'session.use-for-improvement', subject: sessionId, detail: { queued } });
  return { queued };
}
