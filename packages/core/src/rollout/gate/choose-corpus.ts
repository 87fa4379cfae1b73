import type { ItemRecord } from '@embedding-studio/contracts';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import type { Ctx } from '../../context.ts';

export const corpusMax = 20_000;
const page = 1_000;
const lookUp = 500;

/**
 * The items that both sides rank. All of them where that is affordable; else what is judged and what words find,
 * filled up with a random sample, the same for both sides.
 */
export async function chooseCorpus(
  ctx: Ctx,
  options: { needed: ReadonlySet<string>; seed: number; itemsMax?: number },
): Promise<ItemRecord[]> {
  const itemsMax = options.itemsMax ?? corpusMax;
  const total = await ctx.deps.items.countItems();
  if (total <= itemsMax) return loadAll(ctx);
  const others = await listIds(ctx, options.needed);
  const sample = shuffle(others, createRandom(options.seed)).slice(0, Math.max(0, itemsMax - options.needed.size));
  return loadSome(ctx, [...options.needed, ...sample].sort());
}

async function loadAll(ctx: Ctx): Promise<ItemRecord[]> {
  const items: ItemRecord[] = [];
  for (;;) {
    ctx.signal?.throwIfAborted();
    const more = await ctx.deps.items.listItems({ after: items.at(-1)?.id ?? null, limit: page });
    items.push(...more);
    if (more.length < page) return items;
  }
}

async function listIds(ctx: Ctx, without: ReadonlySet<string>): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ; ) {
    ctx.signal?.throwIfAborted();
    const more: ItemRecord[] = await ctx.deps.items.listItems({ after, limit: page });
    for (const { id } of more) if (!without.has(id)) ids.push(id);
    after = more.at(-1)?.id ?? null;
    if (more.length < page) return ids;
  }
}

async function loadSome(ctx: Ctx, ids: readonly string[]): Promise<ItemRecord[]> {
  const items: ItemRecord[] = [];
  for (let start = 0; start < ids.length; start += lookUp)
    items.push(...(await ctx.deps.items.findItems(ids.slice(start, start + lookUp))));
  return items;
}
