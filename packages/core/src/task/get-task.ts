import type { AnyTask } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';

export const TaskIdInput = z.object({ taskId: z.string().min(1).max(128) });
export type TaskIdInput = z.input<typeof TaskIdInput>;

export async function getTask({ ctx, input }: { ctx: Ctx; input: TaskIdInput }): Promise<AnyTask> {
  authorise(ctx, 'task.read');
  const { taskId } = parseInput(TaskIdInput, input);
  return ctx.deps.tasks.getTask(taskId);
}
