import { type SessionBatch, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';

export const ReleaseBatchInput = z.object({ releaseId: z.string().min(1).max(128) });
export type ReleaseBatchInput = z.input<typeof ReleaseBatchInput>;

/** Freezes the collecting batch. The same release id returns the same batch; BATCH_NOT_FOUND when nothing collects. */
export async function releaseBatch({ ctx, input }: { ctx: Ctx; input: ReleaseBatchInput }): Promise<SessionBatch> {
  authorise(ctx, 'session.write');
  const { releaseId } = parseInput(ReleaseBatchInput, input);
  const batch = await ctx.deps.sessions.releaseBatch(releaseId);
  if (batch === null) {
    throw new StudioError('BATCH_NOT_FOUND', `Nothing to release as ${releaseId}.`, {
      publicMessage: 'No batch is collecting: register a session first.',
      field: 'releaseId',
    });
  }
  await recordAudit(ctx, { action: 'batch.release', subject: batch.batchId, detail: { releaseId } });
  return batch;
}
