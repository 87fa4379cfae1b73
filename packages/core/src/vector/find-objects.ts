import { type Collection, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { requireNotRetired } from '../collection/create-collection.ts';
import { openCollection } from '../collection/list-collections.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { type ObjectIdsInput, ObjectIdsInput as ObjectIdsSchema } from './delete-objects.ts';

export interface FoundObject {
  objectId: string;
  payload: Record<string, unknown>;
  parts: { ordinal: number; vector: number[] }[];
}

/** Items of a collection with their vectors, in the order asked for; ids without vectors are left out. */
export async function findObjects({ ctx, input }: { ctx: Ctx; input: ObjectIdsInput }): Promise<FoundObject[]> {
  const { modelId, objectIds } = parseInput(ObjectIdsSchema, input);
  const collection = await openForReading(ctx, modelId);
  const [rows, items] = await Promise.all([
    ctx.deps.collections.getVectors(collection.id, objectIds),
    ctx.deps.items.findHits(objectIds),
  ]);
  const found = new Map(items.map(({ id, title, payload }) => [id, { title, ...payload }]));
  return [...new Set(objectIds)].flatMap((objectId) => {
    const own = rows.filter((row) => row.itemId === objectId);
    if (own.length === 0) return [];
    const parts = own.map(({ ordinal, vector }) => ({ ordinal, vector: [...vector] }));
    return [{ objectId, payload: found.get(objectId) ?? {}, parts }];
  });
}

export const FindSimilarInput = z.object({
  modelId: z.string().min(1).max(128),
  queryVector: z.array(z.number()).min(1).max(4_096),
  limit: z.number().int().min(1).max(1_000).default(10),
  offset: z.number().int().min(0).max(10_000).default(0),
  /** Cosine distance, 0 to 2. */
  maxDistance: z.number().min(0).max(2).optional(),
});
export type FindSimilarInput = z.input<typeof FindSimilarInput>;

export interface SimilarObject {
  objectId: string;
  distance: number;
  payload: Record<string, unknown>;
}

/** Items nearest to a vector, each once, by their best part. */
export async function findSimilar({ ctx, input }: { ctx: Ctx; input: FindSimilarInput }): Promise<SimilarObject[]> {
  const { modelId, queryVector, limit, offset, maxDistance = 2 } = parseInput(FindSimilarInput, input);
  const collection = await openForReading(ctx, modelId);
  if (queryVector.length !== collection.dims)
    throw new StudioError('INPUT_INVALID', `queryVector: has ${queryVector.length} numbers, not ${collection.dims}.`, {
      field: 'queryVector',
    });
  const wanted = offset + limit;
  const near = await ctx.deps.collections.findNearest({
    ...{ collectionId: collection.id, vector: Float32Array.from(queryVector), limit: wanted },
    efSearch: Math.min(1_000, Math.max(collection.ranking.efSearch, wanted)),
  });
  const page = near.filter(({ distance }) => distance <= maxDistance).slice(offset, wanted);
  const items = await ctx.deps.items.findHits(page.map(({ itemId }) => itemId));
  const found = new Map(items.map(({ id, title, payload }) => [id, { title, ...payload }]));
  return page.map(({ itemId, distance }) => ({ objectId: itemId, distance, payload: found.get(itemId) ?? {} }));
}

async function openForReading(ctx: Ctx, modelId: string): Promise<Collection> {
  const collection = await openCollection(ctx, { modelId }, 'collection.read');
  requireNotRetired(collection);
  return collection;
}
