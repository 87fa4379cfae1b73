import { type Collection, StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

const page = 100;

/** The collection of a model that is not retired, the live one where it has several; null when it has none. */
export async function findCollectionOf(ctx: Ctx, modelId: string): Promise<Collection | null> {
  const live = await ctx.deps.collections.findLiveCollection();
  if (live?.collection.modelId === modelId) return live.collection;
  for (let after: string | null = null; ; ) {
    const collections: Collection[] = await ctx.deps.collections.listCollections({ after, limit: page });
    const found = collections.find((one) => one.modelId === modelId && one.status !== 'retired');
    if (found !== undefined) return found;
    after = collections.at(-1)?.id ?? null;
    if (collections.length < page) return null;
  }
}

/** As findCollectionOf; COLLECTION_NOT_FOUND when the model has none. */
export async function getCollectionOf(ctx: Ctx, modelId: string): Promise<Collection> {
  const found = await findCollectionOf(ctx, modelId);
  if (found !== null) return found;
  throw new StudioError('COLLECTION_NOT_FOUND', `Model ${modelId} has no collection.`, {
    publicMessage: `There is no collection of model ${modelId}; create one, or reindex into it.`,
    field: 'modelId',
  });
}
