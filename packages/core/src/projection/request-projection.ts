import type { AnyTask } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import { requireNotRetired } from '../collection/create-collection.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { resolveLive } from '../search/resolve-live.ts';
import { dispatchTask } from '../task/dispatch-task.ts';

export const RequestProjectionInput = z.object({
  /** Default: the live collection. */
  collectionId: z.string().min(1).max(128).optional(),
  /** Payload field that colours the items; left out: the one that suits best. */
  field: z.string().min(1).max(200).optional(),
});
export type RequestProjectionInput = z.input<typeof RequestProjectionInput>;

/** A map of the collection in two dimensions, laid on the newest map of another collection. Its old map stays until it is done. */
export async function requestProjection({ ctx, input }: { ctx: Ctx; input: RequestProjectionInput }): Promise<AnyTask> {
  const { collectionId, field } = parseInput(RequestProjectionInput, input);
  authorise(ctx, 'collection.write', collectionId);
  const collection =
    collectionId === undefined
      ? (await resolveLive(ctx)).collection
      : await ctx.deps.collections.getCollection(collectionId);
  requireNotRetired(collection);
  const { task } = await ctx.deps.tasks.requestTask({
    kind: 'projection',
    idempotencyKey: `projection:${collection.id}:${ctx.requestId}`,
    input: { collectionId: collection.id, field: field ?? null },
  });
  await recordAudit(ctx, { action: 'projection.request', subject: collection.id, detail: { taskId: task.id } });
  await dispatchTask(ctx, task);
  return task;
}
