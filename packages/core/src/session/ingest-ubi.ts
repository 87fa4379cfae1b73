import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordVisit } from '../record-audit.ts';
import { isTimely } from './event-time.ts';
import { type IngestEventsResult, ingestEvents } from './ingest-events.ts';
import { toNewSession } from './register-session.ts';
import { toEvent, toSession, UbiEvent, UbiQuery } from './ubi.ts';

export const IngestUbiInput = z.object({
  queries: z.array(UbiQuery).max(1_000).default([]),
  events: z.array(UbiEvent).max(5_000).default([]),
});
export type IngestUbiInput = z.input<typeof IngestUbiInput>;

export interface IngestUbiResult extends IngestEventsResult {
  sessionsCreated: number;
  /** Accepted while the document store is away; absent: none. */
  sessionsSpooled?: number;
  /** Queries from a broken clock: more than 12 hours old or 5 minutes ahead. */
  queriesRefused: { index: number; queryId: string; code: 'TIME_OUTSIDE_WINDOW' }[];
  /** Events about no object or of no query, from which nothing can be learned. */
  ignored: number;
}

/** Queries and events as User Behavior Insights 1.3 writes them: a query is a session, its id the session's. */
export async function ingestUbi({ ctx, input }: { ctx: Ctx; input: IngestUbiInput }): Promise<IngestUbiResult> {
  authorise(ctx, 'session.write');
  const { queries, events } = parseInput(IngestUbiInput, input);
  const { created, refused, spooled } = await registerQueries(ctx, queries);
  const places: number[] = [];
  const mapped = events.flatMap((event, index) => {
    const ours = toEvent(event);
    if (ours !== null) places.push(index);
    return ours === null ? [] : [ours];
  });
  const none: IngestEventsResult = { created: 0, duplicates: 0, refused: [], unknownTypes: 0 };
  const result = mapped.length === 0 ? none : await ingestEvents({ ctx, input: { events: mapped } });
  return {
    ...result,
    refused: result.refused.map((one) => ({ ...one, index: places[one.index] ?? one.index })),
    sessionsCreated: created,
    ...(spooled && { sessionsSpooled: spooled }),
    queriesRefused: refused,
    ignored: events.length - mapped.length,
  };
}

async function registerQueries(ctx: Ctx, queries: readonly UbiQuery[]) {
  const now = ctx.deps.clock.now();
  const refused: IngestUbiResult['queriesRefused'] = [];
  const sessions = queries.flatMap((query, index) => {
    const session = toSession(query);
    const createdAt = session.createdAt ?? now;
    if (isTimely(createdAt, now)) return [toNewSession({ ...session, createdAt })];
    refused.push({ index, queryId: query.query_id, code: 'TIME_OUTSIDE_WINDOW' });
    return [];
  });
  if (sessions.length === 0) return { created: 0, refused, spooled: 0 };
  const { created, spooled = 0 } = await ctx.deps.sessions.registerSessions(sessions);
  const detail = { created, ...(spooled > 0 && { spooled }) };
  if (created + spooled > 0)
    await recordVisit(ctx, { action: 'session.ubi', subject: sessions[0]?.sessionId ?? '', detail });
  return { created, refused, spooled };
}
