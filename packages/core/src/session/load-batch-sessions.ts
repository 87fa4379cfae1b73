import type { SessionWithEvents } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

const page = 500;

/** All sessions of a batch, in the order of their numbers. */
export async function loadBatchSessions(ctx: Ctx, batchId: string): Promise<SessionWithEvents[]> {
  const sessions: SessionWithEvents[] = [];
  for (;;) {
    ctx.signal?.throwIfAborted();
    const afterNumber = sessions.at(-1)?.sessionNumber ?? 0;
    const more = await ctx.deps.sessions.listBatchSessions({ batchId, afterNumber, limit: page, eventsLimit: 1_000 });
    sessions.push(...more);
    if (more.length < page) return sessions;
  }
}
