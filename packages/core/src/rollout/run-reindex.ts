import {
  type Collection,
  defaultRankingProfile,
  type ItemFailure,
  type ItemRecord,
  type ModelRecord,
  RankingProfile,
  type Rollout,
  type VectorRow,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import { isAdapterOf, openAdapted } from '../adapter/adapted-side.ts';
import { authorise } from '../authorise.ts';
import { findCollectionOf } from '../collection/find-collection-of.ts';
import type { Ctx } from '../context.ts';
import { embedItems } from '../item/embed-items.ts';
import { startPace } from '../item/pace.ts';
import { type EmbedWith, putItemVectors } from '../item/put-item-vectors.ts';
import { type JobResult, type JobRun, progressOf } from '../job-run.ts';
import { vectorsKeyOf } from '../model/served-artefact.ts';
import { startingSearchPlugins } from '../plugin/default-search-plugins.ts';
import { dropFold, openFold } from './fold/fold-vectors.ts';
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
      if (rollout.movesQueries === true)
        return { to: 'indexing', reason: 'No stored vector changes: nothing is indexed anew.' };
      const collection = await ensureCollection(ctx, rollout);
      await carryImprovement(ctx, { rollout, collection });
      const failures = await fillCollection(ctx, { job: input, collection, rollout });
      await ctx.deps.collections.buildIndex(collection.id, hnsw);
      if (rollout.foldsOverlay === true) await dropFold(ctx, rollout);
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

/** A model has one collection beside that of a fold, so that a reindex killed after creating it finds it again. */
async function ensureCollection(ctx: Ctx, rollout: Rollout): Promise<Collection> {
  const modelId = modelIdOf(rollout);
  const existing = await findExisting(ctx, rollout);
  if (existing !== null) return existing.status === 'paused' ? resumeWrites(ctx, existing) : existing;
  const { manifest } = await ctx.deps.models.getModel(modelId);
  const fitted = RankingProfile.safeParse(rollout.gate?.profile);
  const collection = await ctx.deps.collections.createCollection({
    modelId,
    dims: manifest.dims,
    ranking: fitted.data ?? defaultRankingProfile,
    searchPlugins: await startingSearchPlugins(ctx),
  });
  await ctx.deps.rollouts
    .updateRollout(rollout.id, 'deployed', { collectionId: collection.id })
    .catch(async (error) => {
      // Canceled meanwhile: no rollout names the collection, so nobody else would stop its writes.
      await ctx.deps.collections.pauseCollection(collection.id);
      throw error;
    });
  return collection;
}

/** New writes reach it from here on, so that what is listed as stale afterwards is all that it has missed. */
async function resumeWrites(ctx: Ctx, { id }: Collection): Promise<Collection> {
  const live = await ctx.deps.collections.findLiveCollection();
  const searchPlugins = live?.collection.searchPlugins;
  return ctx.deps.collections.updateCollection(id, { status: 'building', searchPlugins });
}

/** What came before the fold is in the vectors from now on; what comes after it is learned anew, here as in the source. */
async function carryImprovement(ctx: Ctx, to: { rollout: Rollout; collection: Collection }): Promise<void> {
  const { foldsOverlay, sourceCollectionId: from, createdAt: learnFrom } = to.rollout;
  if (foldsOverlay !== true || from === null) return;
  await ctx.deps.improvement.carryOver({ from, to: to.collection.id, learnFrom });
}

/** A fold killed between making its collection and naming it finds the one that no rollout names. */
async function findExisting(ctx: Ctx, rollout: Rollout): Promise<Collection | null> {
  if (rollout.foldsOverlay !== true) return findCollectionOf(ctx, modelIdOf(rollout));
  if (rollout.collectionId !== null) return ctx.deps.collections.getCollection(rollout.collectionId);
  for (const target of await ctx.deps.collections.listWriteTargets()) {
    if (target.modelId !== rollout.modelId || target.status !== 'building') continue;
    if ((await ctx.deps.rollouts.findRolloutByCollection(target.id)) === null) return target;
  }
  return null;
}

interface Filling {
  job: JobRun<'reindex'>;
  collection: Collection;
  rollout: Rollout;
}

async function fillCollection(ctx: Ctx, filling: Filling): Promise<ItemFailure[]> {
  const { job, collection } = filling;
  const stop = new AbortController();
  const signal = ctx.signal === undefined ? stop.signal : AbortSignal.any([ctx.signal, stop.signal]);
  const pace = startPace(ctx, { task: job.task, standard: null });
  const openPage = await preparePages({ ...ctx, signal }, filling, () => pace.batch(page));
  const failures = new Map(job.task.failures.map((failure) => [failure.itemId, failure]));
  const started = ctx.deps.clock.now().getTime();
  const total = await ctx.deps.items.countItems();
  let following: Promise<Page> | null = openPage(Cursor.safeParse(job.task.checkpoint).data?.after ?? null);
  try {
    for (let done = 0; following !== null; ) {
      const { items, after, isLast, embed, isEmbedded }: Page = await following;
      await isEmbedded;
      ctx.signal?.throwIfAborted();
      following = isLast ? null : openPage(after);
      for (const failure of await putItemVectors(ctx, { collection, items, embed }))
        failures.set(failure.itemId, failure);
      done += items.length;
      const secondsSoFar = (ctx.deps.clock.now().getTime() - started) / 1_000;
      const progress = progressOf({ done, total: Math.max(done, total), note: 'items embedded', secondsSoFar });
      await job.save({ checkpoint: { after }, progress, failures: [...failures.values()] });
      await pace.hold(done);
    }
    return [...failures.values()];
  } finally {
    stop.abort();
    await following?.then((page) => page.isEmbedded).catch(() => undefined);
  }
}

interface Page {
  items: ItemRecord[];
  after: string | null;
  isLast: boolean;
  embed: EmbedWith;
  /** Settles with the embedding of the page, also when that failed: `embed` tells. */
  isEmbedded: Promise<unknown>;
}

/** A page is embedded as soon as it is opened, while the one before it is stored; never more than one ahead. */
async function preparePages(
  ctx: Ctx,
  { collection, rollout }: Filling,
  sizeOf: () => number,
): Promise<(after: string | null) => Promise<Page>> {
  const model = await ctx.deps.models.getModel(collection.modelId);
  const findKnown = await openKnown(ctx, { rollout, model });
  const embedAny: EmbedWith = (items) => embedOrReuse(ctx, { items, findKnown, modelId: model.id });
  const openPage = async (after: string | null): Promise<Page> => {
    const limit = sizeOf();
    const items = await ctx.deps.collections.listStaleItems(collection.id, { after, limit });
    const embedded = embedAny(items);
    return {
      items,
      after: items.at(-1)?.id ?? null,
      isLast: items.length < limit,
      embed: (asked) => (asked === items ? embedded : embedAny(asked)),
      isEmbedded: embedded.catch(() => undefined),
    };
  };
  return (after) => {
    const opened = openPage(after);
    // Awaited only after the page before it is stored; a failure until then is not unhandled.
    opened.catch(() => undefined);
    return opened;
  };
}

type FindKnown = (items: readonly ItemRecord[]) => Promise<VectorRow[]>;

/** Vectors that need no embedding: those of a fold, those of the source moved by an adapter, or those that the gate has computed. */
async function openKnown(ctx: Ctx, { rollout, model }: { rollout: Rollout; model: ModelRecord }): Promise<FindKnown> {
  const { sourceCollectionId: sourceId } = rollout;
  if (rollout.foldsOverlay === true && sourceId !== null) return openFold(ctx, { rollout, sourceId });
  if (sourceId !== null && isAdapterOf(model, (await ctx.deps.collections.getCollection(sourceId)).modelId))
    return openAdapted(ctx, { model, sourceId });
  const findCached = await loadVectorCache(ctx, vectorsKeyOf(ctx, model));
  return async (items) => items.flatMap((item) => findCached(item) ?? []);
}

async function embedOrReuse(
  ctx: Ctx,
  options: { items: readonly ItemRecord[]; findKnown: FindKnown; modelId: string },
): Promise<VectorRow[]> {
  const known = await options.findKnown(options.items);
  const isKnown = new Set(known.map(({ itemId }) => itemId));
  const missing = options.items.filter(({ id }) => !isKnown.has(id));
  const embedded = missing.length === 0 ? [] : await embedItems(ctx, { modelId: options.modelId, items: missing });
  return [...known, ...embedded];
}
