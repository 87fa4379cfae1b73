import { type AnyTask, StudioError, type TaskKind } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';

export const ThrottleTaskInput = z.object({
  taskId: z.string().min(1).max(128),
  /** null: as fast as it can. */
  itemsPerSecond: z.number().min(0.1).max(1_000_000).nullable(),
});
export type ThrottleTaskInput = z.input<typeof ThrottleTaskInput>;

const paced: readonly TaskKind[] = ['upsertion', 'deletion', 'data_source_sync', 'reindex'];

/** Changes how fast a waiting or running task goes through its items; a running one follows within a second or two. */
export async function throttleTask({ ctx, input }: { ctx: Ctx; input: ThrottleTaskInput }): Promise<AnyTask> {
  authorise(ctx, 'task.write');
  const { taskId, itemsPerSecond } = parseInput(ThrottleTaskInput, input);
  const { kind, status, input: asked } = await ctx.deps.tasks.getTask(taskId);
  if (!paced.includes(kind))
    throw new StudioError('INPUT_INVALID', `A ${kind} task does not go by items; its speed cannot be set.`, {
      field: 'taskId',
    });
  if (status !== 'pending' && status !== 'processing')
    throw new StudioError('TRANSITION_ILLEGAL', `Task ${taskId} is ${status}; there is nothing to slow down.`);
  const task = await ctx.deps.tasks.updateRate(taskId, itemsPerSecond);
  const subject = 'rolloutId' in asked && asked.rolloutId !== null ? asked.rolloutId : taskId;
  await recordAudit(ctx, { action: 'task.throttle', subject, detail: { taskId, itemsPerSecond } });
  return task;
}
