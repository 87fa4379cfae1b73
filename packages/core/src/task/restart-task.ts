import type { AnyTask } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { dispatchTask } from './dispatch-task.ts';
import { TaskIdInput } from './get-task.ts';

/** Runs a failed, refused or canceled task again from its checkpoint. */
export async function restartTask({ ctx, input }: { ctx: Ctx; input: TaskIdInput }): Promise<AnyTask> {
  authorise(ctx, 'task.write');
  const { taskId } = parseInput(TaskIdInput, input);
  const task = await ctx.deps.tasks.restartTask(taskId);
  await recordAudit(ctx, { action: 'task.restart', subject: taskId });
  await dispatchTask(ctx, task);
  return task;
}
