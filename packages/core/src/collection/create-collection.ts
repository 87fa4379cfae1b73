import { type Collection, defaultRankingProfile, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { startingSearchPlugins } from '../plugin/default-search-plugins.ts';
import { recordAudit } from '../record-audit.ts';
import { findCollectionOf } from './find-collection-of.ts';
import { type CollectionInput, resolveCollection } from './list-collections.ts';

const hnsw = { m: 16, efConstruction: 128 };

export const CreateCollectionInput = z.object({ modelId: z.string().min(1).max(128) });
export type CreateCollectionInput = z.input<typeof CreateCollectionInput>;

/** An empty collection of a model; the one that it has already is returned as it is. New writes reach it at once. */
export async function createCollection({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: CreateCollectionInput;
}): Promise<Collection> {
  authorise(ctx, 'rollout.write');
  const { modelId } = parseInput(CreateCollectionInput, input);
  const { manifest } = await ctx.deps.models.getModel(modelId);
  const existing = await findCollectionOf(ctx, modelId);
  if (existing?.status === 'paused') throw paused(existing);
  if (existing !== null) return existing;
  const collection = await ctx.deps.collections.createCollection({
    modelId,
    dims: manifest.dims,
    ranking: defaultRankingProfile,
    searchPlugins: await startingSearchPlugins(ctx),
  });
  await recordAudit(ctx, { action: 'collection.create', subject: collection.id, detail: { modelId } });
  return collection;
}

function paused({ id }: Collection): StudioError {
  return new StudioError('TASK_CONFLICT', `Collection ${id} is paused: its rollout has failed.`, {
    publicMessage: `Collection ${id} is paused: retry its rollout, reindex into it, or delete it first.`,
    field: 'modelId',
  });
}

/** Builds the nearest-neighbour index beside running writes; a no-op where it stands. */
export async function buildCollectionIndex({ ctx, input }: { ctx: Ctx; input: CollectionInput }): Promise<Collection> {
  authorise(ctx, 'rollout.write');
  const collection = await resolveCollection(ctx, input);
  requireNotRetired(collection);
  await ctx.deps.collections.buildIndex(collection.id, hnsw);
  await recordAudit(ctx, { action: 'collection.build-index', subject: collection.id });
  return collection;
}

/** Removes vectors and index for good; refused (TASK_CONFLICT) while the collection is live. */
export async function deleteCollection({ ctx, input }: { ctx: Ctx; input: CollectionInput }): Promise<void> {
  authorise(ctx, 'rollout.write');
  const collection = await resolveCollection(ctx, input);
  await ctx.deps.collections.dropCollection(collection.id);
  await recordAudit(ctx, {
    action: 'collection.delete',
    subject: collection.id,
    detail: { modelId: collection.modelId },
  });
}

export function requireNotRetired(collection: Collection): void {
  if (collection.status !== 'retired') return;
  throw new StudioError('COLLECTION_NOT_FOUND', `Collection ${collection.id} is retired.`, { field: 'collectionId' });
}
