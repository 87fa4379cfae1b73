import { type Rollout, StudioError } from '@embedding-studio/contracts';
import { switchQueryAdapter } from '../adapter/query-rollout.ts';
import { authorise } from '../authorise.ts';
import { refitAfterSwitch } from '../category/request-category-fit.ts';
import type { Ctx } from '../context.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { runStep } from './run-step.ts';
import { settleLivePointer } from './settle-live-pointer.ts';

/** verified → live: one statement moves the pointer; the replaced collection stands by for rollback. */
export async function runSwitch({ ctx, input }: { ctx: Ctx; input: JobRun<'switch'> }): Promise<JobResult> {
  authorise(ctx, 'rollout.write');
  const { rolloutId } = input.task.input;
  const result = await runStep(ctx, {
    rolloutId,
    from: 'verified',
    act: async (rollout) => {
      if (rollout.movesQueries === true) {
        const version = await switchQueryAdapter(ctx, rollout);
        return { to: 'live', reason: `Queries are moved from now on, version ${version}.`, result: { version } };
      }
      const version = await movePointer(ctx, rollout);
      return { to: 'live', reason: `The live pointer moved to version ${version}.`, result: { version } };
    },
  });
  const { modelId, movesQueries } = await ctx.deps.rollouts.getRollout(rolloutId);
  await settleLivePointer(ctx);
  if (modelId !== null && (movesQueries === true || (await isServing(ctx, modelId))))
    await ctx.deps.models.updateModelStatus(modelId, 'live');
  await refitAfterSwitch(ctx);
  return result;
}

async function movePointer(ctx: Ctx, rollout: Rollout): Promise<number> {
  const { collectionId } = rollout;
  if (collectionId === null) throw new StudioError('COLLECTION_NOT_FOUND', `Rollout ${rollout.id} has no collection.`);
  const live = await ctx.deps.collections.findLive();
  if (live?.collectionId === collectionId) return live.version;
  const next = { expected: rollout.sourceCollectionId, next: collectionId };
  return (await ctx.deps.collections.switchLive(next)).version;
}

async function isServing(ctx: Ctx, modelId: string): Promise<boolean> {
  const live = await ctx.deps.collections.findLive();
  return live !== null && (await ctx.deps.collections.getCollection(live.collectionId)).modelId === modelId;
}
