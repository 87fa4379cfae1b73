import { type Collection, type ItemRecord, StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';

const shareMin = 0.99;
const tie = 1e-4;

/** An item's own vector finds the item first; an item of the same distance may come before it. */
export async function checkSelfRetrieval(
  ctx: Ctx,
  options: { collection: Collection; items: readonly ItemRecord[] },
): Promise<{ items: number; share: number }> {
  const { collection } = options;
  const ids = options.items.map((item) => item.id);
  const rows = (await ctx.deps.collections.getVectors(collection.id, ids)).filter((row) => row.ordinal === 0);
  let found = 0;
  for (const { itemId, vector } of rows) {
    ctx.signal?.throwIfAborted();
    const { efSearch } = collection.ranking;
    const query = { collectionId: collection.id, vector, limit: 10, efSearch };
    const hits = await ctx.deps.collections.findNearest(query);
    const best = hits[0];
    const isFirst = best?.itemId === itemId || (best !== undefined && best.distance <= tie);
    if (isFirst) found += 1;
  }
  const share = rows.length === 0 ? 1 : found / rows.length;
  if (share >= shareMin) return { items: rows.length, share };
  throw new StudioError('VERIFICATION_FAILED', `Only ${(share * 100).toFixed(1)} % of items find themselves.`);
}
