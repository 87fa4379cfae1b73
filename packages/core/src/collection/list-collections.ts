import type { Collection, LivePointer, Permission } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise, authoriseSome, reaches } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { KeysetPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';
import { getCollectionOf } from './find-collection-of.ts';

export interface CollectionView {
  collection: Collection;
  modelName: string;
  isLive: boolean;
  /** What a rollback would return to. */
  isPrevious: boolean;
}

export interface CollectionDetail extends CollectionView {
  /** `stale`: items that have no vector of their current content here. */
  counts: { items: number; parts: number; stale: number };
}

export const ListCollectionsInput = KeysetPage;
export type ListCollectionsInput = z.input<typeof ListCollectionsInput>;

/** Newest first; a bound key sees its own. */
export async function listCollections({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListCollectionsInput;
}): Promise<CollectionView[]> {
  const page = parseInput(ListCollectionsInput, input);
  authoriseSome(ctx, 'collection.read');
  const [collections, pointer] = await Promise.all([
    ctx.deps.collections.listCollections(page),
    ctx.deps.collections.findLive(),
  ]);
  const seen = collections.filter(({ id }) => reaches(ctx.actor, id));
  return Promise.all(seen.map((collection) => viewCollection(ctx, { collection, pointer })));
}

/** A collection under its model's name, with its part in what serves. */
export async function viewCollection(
  ctx: Ctx,
  { collection, pointer }: { collection: Collection; pointer: LivePointer | null },
): Promise<CollectionView> {
  return {
    collection,
    modelName: (await ctx.deps.models.getModel(collection.modelId)).name,
    isLive: pointer?.collectionId === collection.id,
    isPrevious: pointer?.previousCollectionId === collection.id,
  };
}

/** A collection by its own id or by its model's. */
export const CollectionInput = z
  .object({
    collectionId: z.string().min(1).max(128).optional(),
    modelId: z.string().min(1).max(128).optional(),
  })
  .refine(({ collectionId, modelId }) => (collectionId === undefined) !== (modelId === undefined), {
    path: ['collectionId'],
    message: 'name the collection or its model, one of the two',
  });
export type CollectionInput = z.input<typeof CollectionInput>;

export async function resolveCollection(ctx: Ctx, input: CollectionInput): Promise<Collection> {
  const { collectionId, modelId } = parseInput(CollectionInput, input);
  if (collectionId !== undefined) return ctx.deps.collections.getCollection(collectionId);
  return getCollectionOf(ctx, modelId ?? '');
}

/** As resolveCollection, for an actor who must hold the permission on it. */
export async function openCollection(ctx: Ctx, input: CollectionInput, permission: Permission): Promise<Collection> {
  authoriseSome(ctx, permission);
  const collection = await resolveCollection(ctx, input);
  authorise(ctx, permission, collection.id);
  return collection;
}

/** A collection with what it holds. */
export async function getCollection({ ctx, input }: { ctx: Ctx; input: CollectionInput }): Promise<CollectionDetail> {
  const collection = await openCollection(ctx, input, 'collection.read');
  const [pointer, counts] = await Promise.all([
    ctx.deps.collections.findLive(),
    collection.status === 'retired'
      ? { items: 0, parts: 0, stale: 0 }
      : ctx.deps.collections.countVectors(collection.id),
  ]);
  return { ...(await viewCollection(ctx, { collection, pointer })), counts };
}
