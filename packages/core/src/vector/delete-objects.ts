import { ItemId } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { openForWriting } from './put-objects.ts';

export const ObjectIdsInput = z.object({
  modelId: z.string().min(1).max(128),
  objectIds: z.array(ItemId).min(1).max(1_000),
});
export type ObjectIdsInput = z.input<typeof ObjectIdsInput>;

/** Takes vectors out of one collection; the items stay. Ids without vectors are no error. */
export async function deleteObjects({ ctx, input }: { ctx: Ctx; input: ObjectIdsInput }): Promise<void> {
  const { modelId, objectIds } = parseInput(ObjectIdsInput, input);
  const collection = await openForWriting(ctx, { modelId });
  await ctx.deps.collections.deleteVectors(collection.id, objectIds);
  await recordAudit(ctx, {
    action: 'vector.delete',
    subject: collection.id,
    detail: { objects: objectIds.length, first: objectIds[0] },
  });
}
