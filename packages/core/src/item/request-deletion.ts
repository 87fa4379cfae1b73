import { type AnyTask, ItemId, newId, TaskPriority } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { dispatchTask } from '../task/dispatch-task.ts';

export const RequestDeletionInput = z.object({
  /** Client-chosen task id: the same id returns the same task. */
  id: z.string().min(1).max(128).optional(),
  itemIds: z.array(ItemId).min(1).max(10_000),
  priority: TaskPriority.default('normal'),
});
export type RequestDeletionInput = z.input<typeof RequestDeletionInput>;

/** Makes the task that removes items, their words and their vectors everywhere. */
export async function requestDeletion({ ctx, input }: { ctx: Ctx; input: RequestDeletionInput }): Promise<AnyTask> {
  authorise(ctx, 'item.write');
  const { id = newId('task'), itemIds, priority } = parseInput(RequestDeletionInput, input);
  const { task, created } = await ctx.deps.tasks.requestTask({
    kind: 'deletion',
    id,
    idempotencyKey: `deletion:${id}`,
    input: { itemIds },
    priority,
  });
  if (created)
    await recordAudit(ctx, { action: 'deletion.request', subject: task.id, detail: { items: itemIds.length } });
  await dispatchTask(ctx, task);
  return task;
}
