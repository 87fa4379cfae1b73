import { type JobLogLine, jobLogLevels } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { logIdOf } from '../jobs/task-log.ts';
import { parseInput } from '../parse-input.ts';
import { TaskIdInput } from './get-task.ts';

export const ListTaskLogInput = TaskIdInput.extend({
  /** Default: all. */
  levels: z.array(z.enum(jobLogLevels)).min(1).optional(),
  before: z.number().int().min(1).nullable().default(null),
  limit: z.number().int().min(1).max(200).default(100),
});
export type ListTaskLogInput = z.input<typeof ListTaskLogInput>;

/** What a job said in all of its attempts, newest first. */
export async function listTaskLog({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListTaskLogInput;
}): Promise<{ lines: JobLogLine[]; next: number | null }> {
  authorise(ctx, 'task.read');
  const { taskId, ...page } = parseInput(ListTaskLogInput, input);
  const task = await ctx.deps.tasks.getTask(taskId);
  const lines = await ctx.deps.jobLogs.listLinesBefore({ jobId: logIdOf(task), ...page });
  return { lines, next: lines.length < page.limit ? null : (lines.at(-1)?.number ?? null) };
}
