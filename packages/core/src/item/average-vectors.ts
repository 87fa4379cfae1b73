import { ItemId } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { resolveLive } from '../search/resolve-live.ts';

export const AverageVectorsInput = z.object({
  itemIds: z.array(ItemId).min(1).max(1_000),
  /** Default: the live collection. */
  collectionId: z.string().min(1).max(128).optional(),
  /** true: brought to unit length, as cosine similarity wants it. */
  normalise: z.boolean().default(true),
});
export type AverageVectorsInput = z.input<typeof AverageVectorsInput>;

export interface AverageVectors {
  collectionId: string;
  /** Ordered by item id; items without vectors are left out. */
  averages: { itemId: string; vector: Float32Array; length: number }[];
}

/**
 * The mean of each item's own parts. `length` is that of the plain mean: 1 where all parts say the same, near 0 where
 * they have nothing in common. Computed from what is stored and never stored itself, so that no search can find it.
 */
export async function averageVectors({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: AverageVectorsInput;
}): Promise<AverageVectors> {
  authorise(ctx, 'item.read');
  const { itemIds, collectionId, normalise } = parseInput(AverageVectorsInput, input);
  const id = collectionId ?? (await resolveLive(ctx)).collection.id;
  await ctx.deps.collections.getCollection(id);
  const found = await ctx.deps.collections.findAverages(id, itemIds);
  const averages = found.map(({ itemId, vector }) => {
    const length = Math.hypot(...vector);
    const scale = normalise && length > 0 ? 1 / length : 1;
    return { itemId, vector: vector.map((value) => value * scale), length };
  });
  return { collectionId: id, averages };
}
