import { type AnyTask, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { resolveLive } from '../search/resolve-live.ts';
import { dispatchTask } from '../task/dispatch-task.ts';

export const RequestCategoryFitInput = z.object({
  /** Dotted path in the payload of items; left out: the field of the last fit. */
  field: z
    .string()
    .max(200)
    .regex(/^[^.]+(\.[^.]+)*$/u, 'must be names with a dot between')
    .optional(),
  /** Same key → the same task; default: one fit an hour of each field. */
  idempotencyKey: z.string().min(1).max(128).optional(),
});
export type RequestCategoryFitInput = z.input<typeof RequestCategoryFitInput>;

/** Centroids of the live collection's categories, calibrated on the latest sessions. */
export async function requestCategoryFit({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: RequestCategoryFitInput;
}): Promise<AnyTask> {
  authorise(ctx, 'category.write');
  const { field: given, idempotencyKey } = parseInput(RequestCategoryFitInput, input);
  const field = given ?? (await ctx.deps.categories.findLatestModel())?.field;
  if (field === undefined)
    throw new StudioError('INPUT_INVALID', 'field: name the payload field that holds the category.', {
      field: 'field',
    });
  const { collection } = await resolveLive(ctx);
  const hour = ctx.deps.clock.now().toISOString().slice(0, 13);
  return requestFit(ctx, { collectionId: collection.id, field, key: idempotencyKey ?? hour });
}

/**
 * After a switch: categories that were fitted on another collection are fitted anew on the one that is live, once.
 * Null when they never were, or are already.
 */
export async function refitAfterSwitch(ctx: Ctx): Promise<AnyTask | null> {
  const { collection } = await resolveLive(ctx);
  const latest = await ctx.deps.categories.findLatestModel();
  if (latest === null || (await ctx.deps.categories.findModel(collection.id)) !== null) return null;
  return requestFit(ctx, { collectionId: collection.id, field: latest.field, key: 'switch' });
}

async function requestFit(ctx: Ctx, fit: { collectionId: string; field: string; key: string }): Promise<AnyTask> {
  const { collectionId, field, key } = fit;
  const { task, created } = await ctx.deps.tasks.requestTask({
    kind: 'category_fit',
    idempotencyKey: `category_fit:${collectionId}:${field}:${key}`,
    input: { collectionId, field },
  });
  if (created) await recordAudit(ctx, { action: 'category.request-fit', subject: collectionId, detail: { field } });
  await dispatchTask(ctx, task);
  return task;
}
