import { type JobLogLine, jobLogLevels } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { findJob, JobIdInput } from './find-job.ts';

export const ListTrainingLogInput = JobIdInput.extend({
  /** Default: all. */
  levels: z.array(z.enum(jobLogLevels)).min(1).optional(),
  before: z.number().int().min(1).nullable().default(null),
  limit: z.number().int().min(1).max(500).default(200),
});
export type ListTrainingLogInput = z.input<typeof ListTrainingLogInput>;

/** What training said, newest first. */
export async function listTrainingLog({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListTrainingLogInput;
}): Promise<{ lines: JobLogLine[]; next: number | null }> {
  authorise(ctx, 'rollout.read');
  const { jobId, ...page } = parseInput(ListTrainingLogInput, input);
  const job = await findJob(ctx, jobId);
  const lines = await ctx.deps.jobLogs.listLinesBefore({ jobId: job.jobId, ...page });
  return { lines, next: lines.length < page.limit ? null : (lines.at(-1)?.number ?? null) };
}
