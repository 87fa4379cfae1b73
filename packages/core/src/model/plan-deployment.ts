import type { Collection, LivePointer, ModelRecord } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import { findCollectionOf } from '../collection/find-collection-of.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { isMoving } from '../rollout/request-next-step.ts';
import { GetModelInput } from './list-models.ts';

export interface DeploymentPlan {
  modelId: string;
  modelName: string;
  /** `initial`: nothing serves yet. `serves`: there is nothing to do. */
  kind: 'initial' | 'reindex' | 'serves';
  items: number;
  /** Items without a vector of their current content in the model's collection. */
  toEmbed: number;
  /** What the estimate of the time rests on; null where nothing was measured. */
  speed: { itemsPerSecond: number; from: 'reindex' | 'model server' } | null;
  minutes: number | null;
  disk: { neededBytes: number; freeBytes: number | null };
  live: { collectionId: string; modelId: string; modelName: string } | null;
  /** Why it cannot start now; empty when it can. */
  obstacles: string[];
  /** What changes for users, and when. */
  effects: string[];
  undo: string;
}

/** Bytes of a float and of its place in the index, where no collection shows the true figure. */
const bytesPerNumber = 10;
const measuredTasks = 5;

/** What bringing a model to live would cost and change. Reads only. */
export async function planDeployment({ ctx, input }: { ctx: Ctx; input: GetModelInput }): Promise<DeploymentPlan> {
  authorise(ctx, 'model.read');
  const model = await ctx.deps.models.getModel(parseInput(GetModelInput, input).modelId);
  const [items, serving, own] = await Promise.all([
    ctx.deps.items.countItems(),
    ctx.deps.collections.findLiveCollection(),
    findCollectionOf(ctx, model.id),
  ]);
  const live = serving?.collection ?? null;
  const toEmbed = own === null ? items : (await ctx.deps.collections.countVectors(own.id)).stale;
  const shape = await measureShape(ctx, live);
  const speed = await measureSpeed(ctx, { model, partsPerItem: shape.partsPerItem });
  const kind = live === null ? 'initial' : live.modelId === model.id ? 'serves' : 'reindex';
  return {
    ...{ modelId: model.id, modelName: model.name, kind, items, toEmbed, speed },
    minutes: speed === null ? null : toEmbed / speed.itemsPerSecond / 60,
    disk: {
      neededBytes: Math.round(toEmbed * shape.partsPerItem * model.manifest.dims * shape.bytesPerNumber),
      freeBytes: await ctx.deps.collections.findFreeBytes(),
    },
    live: live === null ? null : { collectionId: live.id, modelId: live.modelId, modelName: await nameOf(ctx, live) },
    obstacles: await listObstacles(ctx, { model, kind }),
    ...wordsOf(ctx, { kind, pointer: serving?.pointer ?? null }),
  };
}

const nameOf = async (ctx: Ctx, { modelId }: Collection) => (await ctx.deps.models.getModel(modelId)).name;

async function measureShape(ctx: Ctx, live: Collection | null) {
  const unknown = { partsPerItem: 1, bytesPerNumber };
  if (live === null) return unknown;
  const [counts, storage] = await Promise.all([
    ctx.deps.collections.countVectors(live.id),
    ctx.deps.collections.describeStorage(live.id),
  ]);
  if (counts.items === 0 || counts.parts === 0) return unknown;
  const bytes = storage.vectorBytes + (storage.indexBytes ?? 0);
  return { partsPerItem: counts.parts / counts.items, bytesPerNumber: bytes / (counts.parts * live.dims) };
}

const Filled = z.object({ items: z.number().positive() });

/** By the last reindexes that embedded something, one of the same model if there is any; else by what the model server measured. */
async function measureSpeed(
  ctx: Ctx,
  { model, partsPerItem }: { model: ModelRecord; partsPerItem: number },
): Promise<DeploymentPlan['speed']> {
  const filter = { kinds: ['reindex' as const], statuses: ['done' as const] };
  const recent = await ctx.deps.taskSearch.findTasks({ filter, before: null, limit: measuredTasks });
  const speeds: { modelId: string | null; itemsPerSecond: number }[] = [];
  for (const { id, startedAt, createdAt, finishedAt, updatedAt, subjects } of recent) {
    const filled = Filled.safeParse((await ctx.deps.tasks.getTask(id)).result).data;
    // Tasks of earlier versions tell no more than when they were asked for and last written.
    const began = startedAt ?? createdAt;
    const seconds = ((finishedAt ?? updatedAt).getTime() - began.getTime()) / 1_000;
    const rolloutId = subjects[0];
    if (filled === undefined || seconds <= 0 || rolloutId === undefined) continue;
    const { modelId } = await ctx.deps.rollouts.getRollout(rolloutId);
    speeds.push({ modelId, itemsPerSecond: filled.items / seconds });
  }
  const measured = speeds.find(({ modelId }) => modelId === model.id) ?? speeds[0];
  if (measured !== undefined) return { itemsPerSecond: measured.itemsPerSecond, from: 'reindex' };
  const latency = await ctx.deps.modelServer.findModelLatency(model.id).catch(() => null);
  if (latency?.rowsPerSecond == null) return null;
  return { itemsPerSecond: latency.rowsPerSecond / partsPerItem, from: 'model server' };
}

async function listObstacles(
  ctx: Ctx,
  { model, kind }: { model: ModelRecord; kind: DeploymentPlan['kind'] },
): Promise<string[]> {
  const moving = (await ctx.deps.rollouts.findRollouts({ before: null, limit: 200 })).find(isMoving);
  return [
    ...(kind === 'serves' ? [`${model.name} serves already.`] : []),
    ...(moving === undefined ? [] : [`Rollout ${moving.id} is under way (${moving.state}); wait for it or cancel it.`]),
  ];
}

function wordsOf(
  ctx: Ctx,
  { kind, pointer }: { kind: DeploymentPlan['kind']; pointer: LivePointer | null },
): Pick<DeploymentPlan, 'effects' | 'undo'> {
  const { standbyHours } = ctx.deps.settings;
  const meanwhile = 'Embedding shares the model server with searches; the throttle slows it down while it runs.';
  if (kind === 'serves') return { effects: [], undo: 'Nothing would change.' };
  if (kind === 'initial' || pointer === null)
    return {
      effects: [meanwhile, 'Search answers once the collection is verified.'],
      undo: 'Cancel it while it runs.',
    };
  return {
    effects: [
      meanwhile,
      'New writes reach both collections from its start, so ingestion does more work.',
      `After verification the live pointer moves from ${pointer.collectionId} in one statement; users notice nothing until then.`,
      `${pointer.collectionId} then stands by for ${standbyHours} hours.`,
    ],
    undo: `Cancel it while it runs; after the switch, roll back in one statement for ${standbyHours} hours.`,
  };
}
