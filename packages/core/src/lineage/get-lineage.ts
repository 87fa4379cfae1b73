import { type ModelRecord, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { drawFamily, type LineageGraph } from './draw-family.ts';

const Id = z.string().min(1).max(128);
const starts = ['modelId', 'collectionId', 'rolloutId', 'runId', 'batchId'] as const;

export const GetLineageInput = z
  .strictObject({
    modelId: Id.optional(),
    collectionId: Id.optional(),
    rolloutId: Id.optional(),
    /** Of the tracker. */
    runId: Id.optional(),
    batchId: Id.optional(),
  })
  .refine((input) => starts.filter((name) => input[name] !== undefined).length === 1, {
    path: ['modelId'],
    message: `name one of ${starts.join(', ')}`,
  });
export type GetLineageInput = z.input<typeof GetLineageInput>;

const modelsMax = 1_000;

/**
 * What led to what, from either end: sessions of a batch → the frozen training set → the run that learned from it (with
 * its experiment and the search of its settings) → the model → its rollouts → their collections; with its ancestors and
 * descendants.
 */
export async function getLineage({ ctx, input }: { ctx: Ctx; input: GetLineageInput }): Promise<LineageGraph> {
  authorise(ctx, 'model.read');
  const asked = parseInput(GetLineageInput, input);
  const models = await ctx.deps.models.listModels({ after: null, limit: modelsMax });
  return drawFamily(ctx, { models, roots: await findRoots(ctx, { asked, models }) });
}

type Asked = z.output<typeof GetLineageInput>;

async function findRoots(
  ctx: Ctx,
  { asked, models }: { asked: Asked; models: readonly ModelRecord[] },
): Promise<ModelRecord[]> {
  const { batchId } = asked;
  if (batchId !== undefined) {
    await ctx.deps.sessions.getBatch(batchId);
    return models.filter(({ manifest }) => manifest.trainedOn?.batchId === batchId);
  }
  const modelId = await findModelId(ctx, asked);
  return modelId === null ? [] : [await ctx.deps.models.getModel(modelId)];
}

async function findModelId(ctx: Ctx, asked: Asked): Promise<string | null> {
  const { modelId, collectionId, rolloutId, runId } = asked;
  if (modelId !== undefined) return modelId;
  if (collectionId !== undefined) return (await ctx.deps.collections.getCollection(collectionId)).modelId;
  if (rolloutId !== undefined) return (await ctx.deps.rollouts.getRollout(rolloutId)).modelId;
  return findTrained(ctx, (await ctx.deps.tracker.getRun(runId ?? '')).name);
}

/** A run is named for its rollout, or for its task where nothing was rolled out. */
async function findTrained(ctx: Ctx, name: string): Promise<string | null> {
  try {
    return (await ctx.deps.rollouts.getRollout(name)).modelId;
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
  }
  const task = await ctx.deps.tasks.getTask(name).catch(() => null);
  return z.object({ modelId: z.string() }).safeParse(task?.result).data?.modelId ?? null;
}
