import { type AnyTask, ItemInput, ItemProcessing, newId, TaskPriority } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { dispatchTask } from '../task/dispatch-task.ts';
import { storeSentImages } from './item-images.ts';
import { preparePartMaker } from './part-maker.ts';

export const RequestUpsertionInput = z.object({
  /** Client-chosen task id: the same id returns the same task. */
  id: z.string().min(1).max(128).optional(),
  items: z.array(ItemInput).min(1).max(1_000),
  /** How texts become parts; default: cut by words as the settings say. */
  processing: ItemProcessing.optional(),
  priority: TaskPriority.default('normal'),
});
export type RequestUpsertionInput = z.input<typeof RequestUpsertionInput>;

/** Makes the task that writes items and embeds them for every collection that takes writes. */
export async function requestUpsertion({ ctx, input }: { ctx: Ctx; input: RequestUpsertionInput }): Promise<AnyTask> {
  authorise(ctx, 'item.write');
  const { id = newId('task'), items, processing, priority } = parseInput(RequestUpsertionInput, input);
  if (processing !== undefined) preparePartMaker(ctx, processing);
  const stored = await storeSentImages(ctx, items);
  const { task, created } = await ctx.deps.tasks.requestTask({
    kind: 'upsertion',
    id,
    idempotencyKey: `upsertion:${id}`,
    input: { items: stored, ...(processing && { processing }) },
    priority,
  });
  if (created)
    await recordAudit(ctx, { action: 'upsertion.request', subject: task.id, detail: { items: items.length } });
  await dispatchTask(ctx, task);
  return task;
}
