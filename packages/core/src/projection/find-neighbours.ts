import { ItemId, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';

export const FindNeighboursInput = z.object({
  collectionId: z.string().min(1).max(128),
  itemId: ItemId,
  limit: z.number().int().min(1).max(100).default(10),
});
export type FindNeighboursInput = z.input<typeof FindNeighboursInput>;

export interface Neighbour {
  itemId: string;
  title: string;
  payload: Record<string, unknown>;
  /** Cosine, −1 to 1. */
  similarity: number;
}

/** The items nearest to an item in the collection's own space, nearest first, without itself. */
export async function findNeighbours({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: FindNeighboursInput;
}): Promise<{ item: Omit<Neighbour, 'similarity'> | null; neighbours: Neighbour[] }> {
  const { collectionId, itemId, limit } = parseInput(FindNeighboursInput, input);
  authorise(ctx, 'collection.read', collectionId);
  const collection = await ctx.deps.collections.getCollection(collectionId);
  const [own] = await ctx.deps.collections.findAverages(collectionId, [itemId]);
  if (own === undefined)
    throw new StudioError('INPUT_INVALID', `itemId: ${itemId} has no vector in this collection.`, { field: 'itemId' });
  const near = await ctx.deps.collections.findNearest({
    ...{ collectionId, vector: own.vector, limit: limit + 1 },
    efSearch: Math.max(collection.ranking.efSearch, limit + 1),
  });
  const others = near.filter((one) => one.itemId !== itemId).slice(0, limit);
  const items = await ctx.deps.items.findHits([itemId, ...others.map((one) => one.itemId)]);
  const byId = new Map(items.map(({ id, title, payload }) => [id, { itemId: id, title, payload }]));
  const neighbours = others.flatMap(({ itemId: id, distance }) => {
    const item = byId.get(id);
    return item === undefined ? [] : [{ ...item, similarity: 1 - distance }];
  });
  return { item: byId.get(itemId) ?? null, neighbours };
}
