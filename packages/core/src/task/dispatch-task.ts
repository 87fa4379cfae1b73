import { type AnyTask, toStudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

/** Tells the queue now instead of at the next sweep. A queue that is down loses nothing: the sweeper finds the task. */
export async function dispatchTask(ctx: Ctx, task: AnyTask): Promise<void> {
  const isDue = task.notBefore === null || task.notBefore.getTime() <= ctx.deps.clock.now().getTime();
  if (task.status !== 'pending' || task.dispatchedAt !== null || !isDue) return;
  try {
    await ctx.deps.queue.enqueue(task.kind, task.id, { priority: task.priority });
    await ctx.deps.tasks.markDispatched(task.id);
  } catch (error) {
    ctx.deps.log.warn({ taskId: task.id, code: toStudioError(error).code }, 'task left to the sweeper');
  }
}
