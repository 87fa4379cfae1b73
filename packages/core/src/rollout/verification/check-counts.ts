import { setTimeout as sleep } from 'node:timers/promises';
import { type Collection, StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';
import { putItemVectors } from '../../item/put-item-vectors.ts';

const rounds = 10;
const page = 200;
const pauseMs = 300;

/**
 * Every item has vectors of its current content. Writes go on meanwhile, so what is stale is caught up with, and only
 * what stays stale round after round counts. `failed` are items that the reindex has given up on.
 */
export async function checkCounts(
  ctx: Ctx,
  options: { collection: Collection; failed: ReadonlySet<string> },
): Promise<{ items: number; parts: number; stale: number }> {
  const { collection, failed } = options;
  for (let round = 0; round < rounds; round++) {
    ctx.signal?.throwIfAborted();
    const stale = await ctx.deps.collections.listStaleItems(collection.id, { after: null, limit: page });
    await putItemVectors(ctx, { collection, items: stale.filter((item) => !failed.has(item.id)) });
    const counts = await ctx.deps.collections.countVectors(collection.id);
    const total = await ctx.deps.items.countItems();
    if (counts.stale <= failed.size && counts.items + failed.size >= total && counts.items <= total) return counts;
    await sleep(pauseMs);
  }
  const counts = await ctx.deps.collections.countVectors(collection.id);
  const total = await ctx.deps.items.countItems();
  throw new StudioError(
    'VERIFICATION_FAILED',
    `${counts.items} of ${total} items have vectors, ${counts.stale} of them are stale.`,
  );
}
