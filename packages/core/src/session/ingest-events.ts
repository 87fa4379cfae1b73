import { meaningOf, type SessionEvent, SessionId } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { noteFeedback } from '../improvement/request-improvement.ts';
import { parseInput } from '../parse-input.ts';
import { recordVisit } from '../record-audit.ts';
import { EventInput } from './event-input.ts';
import { isTimely } from './event-time.ts';

export const IngestEventsInput = z.object({
  events: z
    .array(EventInput.extend({ sessionId: SessionId }))
    .min(1)
    .max(5_000),
});
export type IngestEventsInput = z.input<typeof IngestEventsInput>;

/** Why one event of many was not taken; the others were. */
export interface RefusedEvent {
  /** Place in the given list. */
  index: number;
  sessionId: string;
  eventId: string;
  code: 'SESSION_NOT_FOUND' | 'EVENT_CONFLICT' | 'TIME_OUTSIDE_WINDOW';
}

export interface IngestEventsResult {
  created: number;
  duplicates: number;
  /** Accepted while the document store is away: on disk, and stored once it is back; absent: none. */
  spooled?: number;
  refused: RefusedEvent[];
  /** Taken, but of a type from which nothing is learned. */
  unknownTypes: number;
}

/**
 * Events of many sessions in one call, each on its own. What is counted as created is on disk when the call returns;
 * whatever failed or was not answered can be sent again as it was.
 */
export async function ingestEvents({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: IngestEventsInput;
}): Promise<IngestEventsResult> {
  authorise(ctx, 'session.write');
  const { events } = parseInput(IngestEventsInput, input);
  const receivedAt = ctx.deps.clock.now();
  const refused: RefusedEvent[] = [];
  const timely: { index: number; event: SessionEvent }[] = [];
  const refuse = (index: number, code: RefusedEvent['code']) => {
    const { sessionId = '', eventId = '' } = events[index] ?? {};
    refused.push({ index, sessionId, eventId, code });
  };
  events.forEach((event, index) => {
    const createdAt = event.createdAt ?? receivedAt;
    if (isTimely(createdAt, receivedAt)) timely.push({ index, event: { ...event, createdAt, receivedAt } });
    else refuse(index, 'TIME_OUTSIDE_WINDOW');
  });
  const stored = timely.length === 0 ? null : await ctx.deps.sessions.ingestEvents(timely.map(({ event }) => event));
  for (const { at, code } of stored?.refused ?? []) refuse(timely[at]?.index ?? -1, code);
  refused.sort((left, right) => left.index - right.index);
  const unknownTypes = events.filter(({ type }) => meaningOf(type) === 'unknown').length;
  const { created = 0, duplicates = 0, spooled } = stored ?? {};
  const result = { created, duplicates, refused, unknownTypes, ...(spooled && { spooled }) };
  await auditIngest(ctx, result);
  if (created > 0) await noteFeedback(ctx);
  return result;
}

async function auditIngest(ctx: Ctx, result: IngestEventsResult): Promise<void> {
  const { created, duplicates, spooled = 0, refused } = result;
  const conflicts = refused.filter(({ code }) => code === 'EVENT_CONFLICT');
  if (created + spooled === 0 && conflicts.length === 0) return;
  await recordVisit(ctx, {
    action: 'event.ingest',
    subject: `${created + spooled} events`,
    detail: {
      ...{ created, duplicates, refused: refused.length, ...(spooled > 0 && { spooled }) },
      conflicts: conflicts.slice(0, 20).map(({ sessionId, eventId }) => ({ sessionId, eventId })),
    },
  });
}
