import { ItemId, type ItemRecord, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';

export const GetItemInput = z.object({ itemId: ItemId });
export type GetItemInput = z.input<typeof GetItemInput>;

export async function getItem({ ctx, input }: { ctx: Ctx; input: GetItemInput }): Promise<ItemRecord> {
  authorise(ctx, 'item.read');
  const { itemId } = parseInput(GetItemInput, input);
  const [item] = await ctx.deps.items.findItems([itemId]);
  if (item === undefined) throw new StudioError('ITEM_NOT_FOUND', `There is no item ${itemId}.`, { field: 'itemId' });
  return item;
}
