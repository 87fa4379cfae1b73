import type { SessionEvent } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { EventInput } from './event-input.ts';
import { RegisterSessionInput, toNewSession } from './register-session.ts';

export const ImportSessionsInput = z.object({
  sessions: z
    .array(RegisterSessionInput.extend({ events: z.array(EventInput).max(1_000).default([]) }))
    .min(1)
    .max(1_000),
});
export type ImportSessionsInput = z.input<typeof ImportSessionsInput>;

/** Past sessions with their events, many at once and of any age; importing twice changes nothing. `spooled`: wait for the document store. */
export async function importSessions({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ImportSessionsInput;
}): Promise<{ sessionsCreated: number; eventsCreated: number; spooled?: number }> {
  authorise(ctx, 'session.write');
  const { sessions } = parseInput(ImportSessionsInput, input);
  const now = ctx.deps.clock.now();
  const registered = await ctx.deps.sessions.registerSessions(
    sessions.map(({ events: _events, ...session }) =>
      toNewSession({ ...session, createdAt: session.createdAt ?? now }),
    ),
  );
  const events = sessions.flatMap((session) =>
    session.events.map(
      (event): SessionEvent => ({
        ...event,
        sessionId: session.sessionId,
        createdAt: event.createdAt ?? session.createdAt ?? now,
        receivedAt: now,
      }),
    ),
  );
  const pushed = events.length === 0 ? { created: 0, spooled: 0 } : await ctx.deps.sessions.pushEvents(events);
  const spooled = (registered.spooled ?? 0) + (pushed.spooled ?? 0);
  const counts = { sessionsCreated: registered.created, eventsCreated: pushed.created };
  const outcome = { ...counts, ...(spooled > 0 && { spooled }) };
  await recordAudit(ctx, { action: 'session.import', subject: sessions[0]?.sessionId ?? '', detail: outcome });
  return outcome;
}
