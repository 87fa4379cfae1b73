import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { resolveLive } from '../search/resolve-live.ts';

/** A collection by its id, or the live one. */
export const CollectionChoice = z.object({ collectionId: z.string().min(1).max(128).optional() });

export async function chooseCollection(
  ctx: Ctx,
  { collectionId }: z.output<typeof CollectionChoice>,
): Promise<{ collectionId: string; modelId: string }> {
  const collection =
    collectionId === undefined
      ? (await resolveLive(ctx)).collection
      : await ctx.deps.collections.getCollection(collectionId);
  return { collectionId: collection.id, modelId: collection.modelId };
}
