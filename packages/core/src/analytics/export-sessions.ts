import type { SessionWithEvents } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { listSessions } from './list-sessions.ts';
import { SessionFilter } from './session-filter.ts';

export const ExportSessionsInput = z.object({
  filter: SessionFilter.prefault({}),
  /** `next` of the part before. */
  cursor: z.string().max(400).nullable().default(null),
});
export type ExportSessionsInput = z.input<typeof ExportSessionsInput>;

export interface ExportPart {
  /** One session with its events a line, as JSON; empty where a page held nothing. */
  lines: string;
  sessions: number;
  /** Starts the next part; null at the end. */
  next: string | null;
}

const sessionsPerPart = 100;
const charsMax = 150_000;

/** The filtered sessions with their lists and events, newest first, part by part: one session at least, about 150 kB. */
export async function exportSessions({ ctx, input }: { ctx: Ctx; input: ExportSessionsInput }): Promise<ExportPart> {
  authorise(ctx, 'session.read');
  const { filter, cursor } = parseInput(ExportSessionsInput, input);
  let limit = sessionsPerPart;
  for (;;) {
    const page = await listSessions({ ctx, input: { filter, cursor, limit } });
    const sessions = await ctx.deps.sessions.findSessions(page.rows.map(({ sessionId }) => sessionId));
    const lines = sessions.map(toLine);
    const chars = lines.reduce((sum, line) => sum + line.length, 0);
    if (chars > charsMax && limit > 1) {
      limit = Math.max(1, Math.floor((limit * charsMax) / chars / 1.2));
      continue;
    }
    if (cursor === null) await recordAudit(ctx, { action: 'session.export', subject: 'sessions', detail: { filter } });
    return { lines: lines.join(''), sessions: lines.length, next: page.next };
  }
}

function toLine({ events, ...session }: SessionWithEvents): string {
  return `${JSON.stringify({ ...session, events: events.map(({ sessionId: _id, ...event }) => event) })}\n`;
}
