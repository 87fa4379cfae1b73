import { type AnyTask, ItemInput, newId, TaskPriority } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { dispatchTask } from '../task/dispatch-task.ts';

export const RequestUpsertionInput = z.object({
  /** Client-chosen task id: the same id returns the same task. */
  id: z.string().min(1).max(128).optional(),
  items: z.array(ItemInput).min(1).max(1_000),
  priority: TaskPriority.default('normal'),
});
export type RequestUpsertionInput = z.input<typeof RequestUpsertionInput>;

/** Makes the task that writes items and embeds them for every collection that takes writes. */
export async function requestUpsertion({ ctx, input }: { ctx: Ctx; input: RequestUpsertionInput }): Promise<AnyTask> {
  authorise(ctx, 'item.write');
  const { id = newId('task'), items, priority } = parseInput(RequestUpsertionInput, input);
  const { task, created } = await ctx.deps.tasks.requestTask({
    kind: 'upsertion',
    id,
    idempotencyKey: `upsertion:${id}`,
    input: { items },
    priority,
  });
  if (created)
    await recordAudit(ctx, { action: 'upsertion.request', subject: task.id, detail: { items: items.length } });
  await dispatchTask(ctx, task);
  return task;
}
