import { type Rollout, StudioError, type Task } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Ctx } from '../context.ts';

/** A rollout's id, or the task's where the model is not to be rolled out. */
export const JobIdInput = z.object({ jobId: z.string().min(1).max(128) });
export type JobIdInput = z.input<typeof JobIdInput>;

export type FineTuningTask = Task<'fine_tuning'>;

export interface FoundJob {
  jobId: string;
  /** The newest attempt: a rollout whose training is tried again gets another task. */
  task: FineTuningTask;
  rollout: Rollout | null;
}

const page = 100;

/** @throws StudioError TASK_NOT_FOUND when neither a rollout nor a fine-tuning task has the id. */
export async function findJob(ctx: Ctx, jobId: string): Promise<FoundJob> {
  for await (const job of walkJobs(ctx)) if (job.jobId === jobId || job.task.id === jobId) return job;
  throw new StudioError('TASK_NOT_FOUND', `There is no fine-tuning ${jobId}.`, { field: 'jobId' });
}

/** Newest first, each job once: by its newest task. */
export async function* walkJobs(ctx: Ctx, start = 0): AsyncGenerator<FoundJob & { offset: number }> {
  for (let offset = start; ; offset += page) {
    const tasks = await ctx.deps.tasks.listTasks({ kind: 'fine_tuning', offset, limit: page });
    for (const [at, task] of tasks.entries()) {
      if (task.kind !== 'fine_tuning') continue;
      const { rolloutId } = task.input;
      const rollout = rolloutId === null ? null : await ctx.deps.rollouts.getRollout(rolloutId);
      if (rollout !== null && !isNewest(task, rollout)) continue;
      yield { jobId: rolloutId ?? task.id, task, rollout, offset: offset + at };
    }
    if (tasks.length < page) return;
  }
}

/** Every return to `requested` makes a new task; the last one counts, unless it was not made yet. */
function isNewest(task: FineTuningTask, rollout: Rollout): boolean {
  const entries = rollout.transitions.filter(({ to }) => to === 'requested').length;
  const [, , entry] = task.idempotencyKey.split(':');
  return entry === undefined || Number(entry) === entries;
}
