import { isStudioError, SessionId } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { noteFeedback } from '../improvement/request-improvement.ts';
import { parseInput } from '../parse-input.ts';
import { recordVisit } from '../record-audit.ts';
import { EventInput } from './event-input.ts';
import { checkEventTime } from './event-time.ts';

export const PushEventsInput = z.object({
  sessionId: SessionId,
  events: z.array(EventInput).min(1).max(1_000),
});
export type PushEventsInput = z.input<typeof PushEventsInput>;

/**
 * Appends what the user did. Duplicates are counted, not stored; an id with another body is EVENT_CONFLICT. While the
 * document store is away they may be `spooled`: whether they fit what is stored shows later.
 */
export async function pushEvents({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: PushEventsInput;
}): Promise<{ created: number; duplicates: number; spooled?: number }> {
  authorise(ctx, 'session.write');
  const { sessionId, events } = parseInput(PushEventsInput, input);
  const receivedAt = ctx.deps.clock.now();
  const dated = events.map((event, index) => ({
    ...event,
    sessionId,
    receivedAt,
    createdAt: checkEventTime(event.createdAt, { now: receivedAt, field: `events.${index}.createdAt` }),
  }));
  const outcome = await ctx.deps.sessions
    .pushEvents(dated)
    .catch((error: unknown) => recordConflict(ctx, error, sessionId));
  if (outcome.created > 0 || outcome.spooled)
    await recordVisit(ctx, { action: 'event.push', subject: sessionId, detail: { ...outcome } });
  if (outcome.created > 0) await noteFeedback(ctx);
  return outcome;
}

/** Somebody sent the same id with two bodies: a broken client or a forger, which an operator should be able to see. */
async function recordConflict(ctx: Ctx, error: unknown, sessionId: string): Promise<never> {
  if (isStudioError(error) && error.code === 'EVENT_CONFLICT')
    await recordVisit(ctx, { action: 'event.conflict', subject: sessionId, detail: { reason: error.message } });
  throw error;
}
