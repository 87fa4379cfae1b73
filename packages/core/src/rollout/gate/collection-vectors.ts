import type { ItemRecord, VectorRow } from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';

const lookUp = 500;

/** What the live collection holds for the corpus. */
export async function loadCollectionVectors(
  ctx: Ctx,
  options: { collectionId: string; items: readonly ItemRecord[] },
): Promise<VectorRow[]> {
  const rows: VectorRow[] = [];
  for (let start = 0; start < options.items.length; start += lookUp) {
    ctx.signal?.throwIfAborted();
    const ids = options.items.slice(start, start + lookUp).map((item) => item.id);
    rows.push(...(await ctx.deps.collections.getVectors(options.collectionId, ids)));
  }
  return rows;
}
