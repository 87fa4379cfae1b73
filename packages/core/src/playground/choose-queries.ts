import type { SessionWithEvents } from '@embedding-studio/contracts';
import { normaliseQuery } from '@embedding-studio/ml/clicks';
import type { Ctx } from '../context.ts';

/** Sessions that are looked through for the most frequent queries, newest batches first. */
const sessionsMax = 5_000;
const page = 500;

export interface ChosenQuery {
  query: string;
  /** Sessions that asked it; null for queries of the golden set. */
  sessions: number | null;
}

/** Queries that somebody has judged. */
export async function chooseJudgedQueries(ctx: Ctx, count: number): Promise<ChosenQuery[]> {
  const rows = await ctx.deps.judgements.listJudgedQueries({ after: null, limit: count });
  return rows.map(({ query }) => ({ query, sessions: null }));
}

/** The most frequent queries of the latest sessions, in the spelling that came last. */
export async function chooseTopQueries(ctx: Ctx, count: number): Promise<ChosenQuery[]> {
  const counts = new Map<string, { query: string; sessions: number }>();
  let seen = 0;
  for (const { batchId, sessionCount } of await ctx.deps.sessions.listBatches({ offset: 0, limit: 20 })) {
    if (seen >= sessionsMax) break;
    const wanted = sessionsMax - seen;
    for await (const { query } of readSessions(ctx, { batchId, afterNumber: Math.max(0, sessionCount - wanted) })) {
      seen++;
      const key = normaliseQuery(query);
      if (key !== '') counts.set(key, { query, sessions: (counts.get(key)?.sessions ?? 0) + 1 });
    }
  }
  return [...counts.values()].sort((left, right) => right.sessions - left.sessions).slice(0, count);
}

async function* readSessions(
  ctx: Ctx,
  from: { batchId: string; afterNumber: number },
): AsyncGenerator<SessionWithEvents> {
  for (let { afterNumber } = from; ; ) {
    ctx.signal?.throwIfAborted();
    const asked = { batchId: from.batchId, afterNumber, limit: page, eventsLimit: 1 };
    const sessions = await ctx.deps.sessions.listBatchSessions(asked);
    yield* sessions;
    afterNumber = sessions.at(-1)?.sessionNumber ?? afterNumber;
    if (sessions.length < page) return;
  }
}
