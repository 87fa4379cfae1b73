import type { Collection } from '@embedding-studio/contracts';
import { requireNotRetired } from '../collection/create-collection.ts';
import type { Ctx } from '../context.ts';
import { resolveLive } from './resolve-live.ts';

/** The collection that is named, or what serves. @throws StudioError COLLECTION_NOT_FOUND, of a retired one too. */
export async function chooseCollection(ctx: Ctx, collectionId: string | undefined): Promise<Collection> {
  if (collectionId === undefined) return (await resolveLive(ctx)).collection;
  const collection = await ctx.deps.collections.getCollection(collectionId);
  requireNotRetired(collection);
  return collection;
}
