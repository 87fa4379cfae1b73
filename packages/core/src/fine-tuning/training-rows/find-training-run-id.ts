import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Ctx } from '../../context.ts';
import { findJob } from '../find-job.ts';
import { readRunId } from '../show-job.ts';
import { findTrainingRun } from '../training-run.ts';

/** Of which training: by its job, or by the model that it made. */
export const TrainingSource = z.object({
  jobId: z.string().min(1).max(128).optional(),
  modelId: z.string().min(1).max(128).optional(),
});
export type TrainingSource = z.output<typeof TrainingSource>;

/** The tracked run; null when it has not begun, or nothing says which it was. */
export async function findTrainingRunId(ctx: Ctx, { jobId, modelId }: TrainingSource): Promise<string | null> {
  if ((jobId === undefined) === (modelId === undefined))
    throw new StudioError('INPUT_INVALID', 'Name either jobId or modelId.', { field: 'jobId' });
  if (jobId !== undefined) return readRunId((await findJob(ctx, jobId)).task);
  return findTrainingRun(ctx, (await ctx.deps.models.getModel(modelId ?? '')).artefactKey);
}
