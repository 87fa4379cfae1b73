import type { Ctx } from '../context.ts';

const rememberedMs = 60_000;
const remembered = new WeakMap<object, { at: number; count: number }>();

/** How many items there are, as of a minute ago at most. */
export async function countCatalogue(ctx: Ctx): Promise<number> {
  const { items, clock } = ctx.deps;
  const now = clock.now().getTime();
  const known = remembered.get(items);
  if (known !== undefined && now - known.at < rememberedMs && now >= known.at) return known.count;
  const count = await items.countItems();
  remembered.set(items, { at: now, count });
  return count;
}
