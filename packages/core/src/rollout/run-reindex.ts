import {
  type Collection,
  defaultRankingProfile,
  type ItemFailure,
  type ItemRecord,
  RankingProfile,
  type Rollout,
  type VectorRow,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { embedItems } from '../item/embed-items.ts';
import { putItemVectors } from '../item/put-item-vectors.ts';
import { type JobResult, type JobRun, progressOf } from '../job-run.ts';
import { modelIdOf } from './run-deployment.ts';
import { runStep } from './run-step.ts';
import { loadVectorCache } from './vector-cache.ts';

const page = 200;
const hnsw = { m: 16, efConstruction: 128 };
const Cursor = z.object({ after: z.string().nullable() });

/** deployed → indexing: a second collection holds a vector of every item, while new writes reach both. */
export function runReindex({ ctx, input }: { ctx: Ctx; input: JobRun<'reindex'> }): Promise<JobResult> {
  authorise(ctx, 'rollout.write');
  return runStep(ctx, {
    rolloutId: input.task.input.rolloutId,
    from: 'deployed',
    act: async (rollout) => {
      const collection = await ensureCollection(ctx, rollout);
      const failures = await fillCollection(ctx, { job: input, collection });
      await ctx.deps.collections.buildIndex(collection.id, hnsw);
      const counts = await ctx.deps.collections.countVectors(collection.id);
      return {
        to: 'indexing',
        reason: `${counts.items} items are embedded, ${failures.length} failed.`,
        change: { collectionId: collection.id },
        result: { collectionId: collection.id, ...counts, failed: failures.length },
      };
    },
  });
}

/** A model has one collection, so that a reindex killed after creating it finds it again. */
async function ensureCollection(ctx: Ctx, rollout: Rollout): Promise<Collection> {
  const modelId = modelIdOf(rollout);
  const existing = await findCollectionOf(ctx, modelId);
  if (existing !== null) return existing;
  const { manifest } = await ctx.deps.models.getModel(modelId);
  const fitted = RankingProfile.safeParse(rollout.gate?.profile);
  const collection = await ctx.deps.collections.createCollection({
    modelId,
    dims: manifest.dims,
    ranking: fitted.data ?? defaultRankingProfile,
  });
  await ctx.deps.rollouts.updateRollout(rollout.id, 'deployed', { collectionId: collection.id });
  return collection;
}

async function findCollectionOf(ctx: Ctx, modelId: string): Promise<Collection | null> {
  for (let after: string | null = null; ; ) {
    const collections: Collection[] = await ctx.deps.collections.listCollections({ after, limit: page });
    const found = collections.find((one) => one.modelId === modelId && one.status !== 'retired');
    if (found !== undefined) return found;
    after = collections.at(-1)?.id ?? null;
    if (collections.length < page) return null;
  }
}

interface Filling {
  job: JobRun<'reindex'>;
  collection: Collection;
}

async function fillCollection(ctx: Ctx, filling: Filling): Promise<ItemFailure[]> {
  const { job, collection } = filling;
  const model = await ctx.deps.models.getModel(collection.modelId);
  const findCached = await loadVectorCache(ctx, model.artefactKey);
  const embed = (items: readonly ItemRecord[]) => embedOrReuse(ctx, { items, findCached, modelId: model.id });
  const failures = new Map(job.task.failures.map((failure) => [failure.itemId, failure]));
  const resumed = Cursor.safeParse(job.task.checkpoint).data?.after ?? null;
  const started = ctx.deps.clock.now().getTime();
  const total = await ctx.deps.items.countItems();
  for (let after = resumed, done = 0; ; ) {
    ctx.signal?.throwIfAborted();
    const items = await ctx.deps.collections.listStaleItems(collection.id, { after, limit: page });
    for (const failure of await putItemVectors(ctx, { collection, items, embed }))
      failures.set(failure.itemId, failure);
    done += items.length;
    after = items.at(-1)?.id ?? null;
    const secondsSoFar = (ctx.deps.clock.now().getTime() - started) / 1_000;
    const progress = progressOf({ done, total: Math.max(done, total), note: 'items embedded', secondsSoFar });
    await job.save({ checkpoint: { after }, progress, failures: [...failures.values()] });
    if (items.length < page) return [...failures.values()];
  }
}

async function embedOrReuse(
  ctx: Ctx,
  options: { items: readonly ItemRecord[]; findCached: (item: ItemRecord) => VectorRow[] | null; modelId: string },
): Promise<VectorRow[]> {
  const rows = options.items.map((item) => ({ item, cached: options.findCached(item) }));
  const missing = rows.filter(({ cached }) => cached === null).map(({ item }) => item);
  const embedded = missing.length === 0 ? [] : await embedItems(ctx, { modelId: options.modelId, items: missing });
  return [...rows.flatMap(({ cached }) => cached ?? []), ...embedded];
}
