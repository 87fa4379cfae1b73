import type { AnyTask } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { TaskIdInput } from './get-task.ts';

/** A waiting task ends at once; a running one is asked to stop and settles itself as canceled. */
export async function cancelTask({ ctx, input }: { ctx: Ctx; input: TaskIdInput }): Promise<AnyTask> {
  authorise(ctx, 'task.write');
  const { taskId } = parseInput(TaskIdInput, input);
  const task = await ctx.deps.tasks.cancelTask(taskId);
  await recordAudit(ctx, { action: 'task.cancel', subject: taskId });
  return task;
}
