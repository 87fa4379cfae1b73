import { ItemId } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';

export const DeleteItemsInput = z.object({ itemIds: z.array(ItemId).min(1).max(1_000) });
export type DeleteItemsInput = z.input<typeof DeleteItemsInput>;

/** Removes items and their vectors everywhere; ids that are already gone are no error. */
export async function deleteItems({ ctx, input }: { ctx: Ctx; input: DeleteItemsInput }): Promise<{ deleted: number }> {
  authorise(ctx, 'item.write');
  const { itemIds } = parseInput(DeleteItemsInput, input);
  const deleted = await ctx.deps.items.deleteItems(itemIds);
  for (const collection of await ctx.deps.collections.listWriteTargets()) {
    await ctx.deps.collections.deleteVectors(collection.id, itemIds);
  }
  await recordAudit(ctx, {
    action: 'item.delete',
    subject: itemIds[0] ?? '',
    detail: { asked: itemIds.length, deleted },
  });
  return { deleted };
}
