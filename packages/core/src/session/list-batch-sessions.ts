import type { SessionBatch, SessionWithEvents } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { OffsetPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';

export const ListBatchSessionsInput = z.object({
  batchId: z.string().min(1).max(128),
  afterNumber: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(1_000).default(10),
  eventsLimit: z.number().int().min(0).max(1_000).default(100),
});
export type ListBatchSessionsInput = z.input<typeof ListBatchSessionsInput>;

/** Sessions of a batch in the order of their numbers; `lastNumber` starts the next page, null at the end. */
export async function listBatchSessions({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListBatchSessionsInput;
}): Promise<{ batch: SessionBatch; sessions: SessionWithEvents[]; lastNumber: number | null }> {
  authorise(ctx, 'session.read');
  const page = parseInput(ListBatchSessionsInput, input);
  const batch = await ctx.deps.sessions.getBatch(page.batchId);
  const sessions = await ctx.deps.sessions.listBatchSessions(page);
  return { batch, sessions, lastNumber: sessions.at(-1)?.sessionNumber ?? null };
}

export const ListBatchesInput = OffsetPage;
export type ListBatchesInput = z.input<typeof ListBatchesInput>;

export async function listBatches({ ctx, input }: { ctx: Ctx; input: ListBatchesInput }): Promise<SessionBatch[]> {
  authorise(ctx, 'session.read');
  return ctx.deps.sessions.listBatches(parseInput(ListBatchesInput, input));
}
