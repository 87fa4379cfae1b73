import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { noteFeedback } from '../improvement/request-improvement.ts';
import { parseInput } from '../parse-input.ts';
import { recordVisit } from '../record-audit.ts';
import { SessionIdInput } from './get-session.ts';

/** Nothing in the list answered: evidence against what was shown, and none for what was clicked. */
export async function markIrrelevant({ ctx, input }: { ctx: Ctx; input: SessionIdInput }): Promise<void> {
  await setMark(ctx, input, true);
}

/** Takes the mark back: what the session says is learned from again. */
export async function unmarkIrrelevant({ ctx, input }: { ctx: Ctx; input: SessionIdInput }): Promise<void> {
  await setMark(ctx, input, false);
}

async function setMark(ctx: Ctx, input: SessionIdInput, isIrrelevant: boolean): Promise<void> {
  authorise(ctx, 'session.write');
  const { sessionId } = parseInput(SessionIdInput, input);
  const { isSpooled } = await ctx.deps.sessions.markIrrelevant(sessionId, isIrrelevant);
  const action = isIrrelevant ? 'session.mark-irrelevant' : 'session.unmark-irrelevant';
  await recordVisit(ctx, { action, subject: sessionId });
  if (!isSpooled) await noteFeedback(ctx);
}
