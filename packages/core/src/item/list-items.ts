import type { ItemRecord } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { KeysetPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';

export const ListItemsInput = KeysetPage;
export type ListItemsInput = z.input<typeof ListItemsInput>;

/** A page of items by id, and how many there are in all. */
export async function listItems({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListItemsInput;
}): Promise<{ items: ItemRecord[]; total: number }> {
  authorise(ctx, 'item.read');
  const page = parseInput(ListItemsInput, input);
  const [items, total] = await Promise.all([ctx.deps.items.listItems(page), ctx.deps.items.countItems()]);
  return { items, total };
}
