import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Rollout, StudioError } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { fetchServedArtefact } from '../model/served-artefact.ts';
import { makeMissingVariant } from './make-int8-variant.ts';
import { runStep } from './run-step.ts';

const readyChecks = 120;
const readyPauseMs = 500;

/** gated → deployed: the model server has the model loaded and answers with vectors of the right size. */
export function runDeployment({ ctx, input }: { ctx: Ctx; input: JobRun<'deployment'> }): Promise<JobResult> {
  authorise(ctx, 'rollout.write');
  return runStep(ctx, {
    rolloutId: input.task.input.rolloutId,
    from: 'gated',
    act: async (rollout) => {
      const modelId = modelIdOf(rollout);
      if (rollout.movesQueries === true)
        return { to: 'deployed', reason: 'Nothing has to be loaded: queries are moved where they are searched.' };
      // A fold changes vectors, not the model, which serves already.
      const isServed = rollout.foldsOverlay === true && (await ctx.deps.modelServer.isModelReady(modelId));
      if (!isServed) {
        await makeMissingVariant(ctx, { model: await ctx.deps.models.getModel(modelId), rollout });
        await deployModel(ctx, modelId);
      }
      return { to: 'deployed', reason: `${modelId} is loaded and answers.` };
    },
  });
}

export function modelIdOf(rollout: Rollout): string {
  if (rollout.modelId !== null) return rollout.modelId;
  throw new StudioError('MODEL_NOT_FOUND', `Rollout ${rollout.id} names no model.`);
}

export async function deployModel(ctx: Ctx, modelId: string): Promise<void> {
  const model = await ctx.deps.models.getModel(modelId);
  const { folder, manifest } = await fetchServedArtefact(ctx, model);
  await ctx.deps.modelServer.installModel(modelId, join(folder, 'model.onnx'), manifest);
  await ctx.deps.modelServer.loadModel(modelId);
  await waitUntilReady(ctx, modelId);
  const texts = ['a first look'];
  const [vector] = await ctx.deps.encoder.embed({ modelId, texts, kind: 'query', signal: ctx.signal });
  if (vector?.length !== manifest.dims)
    throw new StudioError('MODEL_INVALID', `${modelId} answers with ${vector?.length} numbers, not ${manifest.dims}.`);
}

async function waitUntilReady(ctx: Ctx, modelId: string): Promise<void> {
  for (let check = 0; check < readyChecks; check++) {
    ctx.signal?.throwIfAborted();
    if (await ctx.deps.modelServer.isModelReady(modelId)) return;
    await sleep(readyPauseMs);
  }
  throw new StudioError('MODEL_SERVER_UNAVAILABLE', `${modelId} did not become ready.`);
}
