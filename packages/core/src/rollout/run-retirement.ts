import { actorName, imageTowerName, type Rollout, type Task } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { recordAudit } from '../record-audit.ts';
import { dispatchTask } from '../task/dispatch-task.ts';

/** standby or rolledBack → retired: removes a replaced collection and its model from the server. Never the live one. */
export async function runRetirement({ ctx, input }: { ctx: Ctx; input: JobRun<'retirement'> }): Promise<JobResult> {
  authorise(ctx, 'rollout.write');
  const { collectionId } = input.task.input;
  const live = await ctx.deps.collections.findLive();
  if (live?.collectionId === collectionId) return { result: { skipped: 'The collection is live.' } };
  const rollout = await ctx.deps.rollouts.findRolloutByCollection(collectionId);
  if (await isInExperiment(ctx, collectionId)) return postpone(ctx, input.task);
  if (rollout !== null && !isDue(ctx, rollout)) return { result: { skipped: `The rollout is ${rollout.state}.` } };
  await ctx.deps.collections.dropCollection(collectionId);
  if (rollout !== null) await retireRollout(ctx, rollout);
  await recordAudit(ctx, { action: 'collection.retire', subject: collectionId });
  return { result: { retired: collectionId } };
}

/** What an arm of a running experiment answers from has to stay. */
async function isInExperiment(ctx: Ctx, collectionId: string): Promise<boolean> {
  const running = await ctx.deps.experiments.listRunning();
  return running.some(({ collections }) => Object.values(collections).includes(collectionId));
}

const postponedMs = 3_600_000;

/** A plan of its own, named by the one it takes the place of: asked for again, it is the same. */
async function postpone(ctx: Ctx, { id, input }: Task<'retirement'>): Promise<JobResult> {
  const { task } = await ctx.deps.tasks.requestTask({
    ...{ kind: 'retirement', idempotencyKey: `after:${id}`, input },
    notBefore: new Date(ctx.deps.clock.now().getTime() + postponedMs),
  });
  await dispatchTask(ctx, task);
  return { result: { skipped: 'An experiment answers from the collection.', next: task.id } };
}

/** A collection that went live again in between has a later plan of its own. */
function isDue(ctx: Ctx, rollout: Rollout): boolean {
  if (rollout.state === 'retired') return true;
  if (rollout.state !== 'standby' && rollout.state !== 'rolledBack') return false;
  const since = rollout.transitions.at(-1)?.at ?? rollout.createdAt;
  const standbyMs = ctx.deps.settings.standbyHours * 3_600_000;
  return ctx.deps.clock.now().getTime() - since.getTime() >= standbyMs - clockSlackMs;
}

/** The plan counts from the switch, the document from a moment later. */
const clockSlackMs = 600_000;

async function retireRollout(ctx: Ctx, rollout: Rollout): Promise<void> {
  if (rollout.modelId !== null && !(await isModelUsed(ctx, rollout.modelId))) {
    await ctx.deps.modelServer.unloadModel(rollout.modelId);
    await ctx.deps.modelServer.removeModel(rollout.modelId);
    await removeTower(ctx, rollout.modelId);
    await ctx.deps.models.updateModelStatus(rollout.modelId, 'retired');
  }
  if (rollout.state !== 'standby' && rollout.state !== 'rolledBack') return;
  await ctx.deps.rollouts.advanceRollout({
    id: rollout.id,
    from: rollout.state,
    to: 'retired',
    actor: actorName(ctx.actor),
    reason: 'Its time to stand by is over.',
  });
}

/** A tower goes when the last model that is used with it does. */
async function removeTower(ctx: Ctx, modelId: string): Promise<void> {
  const hashOf = async (id: string) => (await ctx.deps.models.getModel(id)).manifest.files['image.onnx'];
  const hash = await hashOf(modelId);
  if (hash === undefined) return;
  for (const collection of await ctx.deps.collections.listWriteTargets())
    if ((await hashOf(collection.modelId)) === hash) return;
  const name = imageTowerName(hash);
  if (await ctx.deps.modelServer.isModelReady(name)) await ctx.deps.modelServer.unloadModel(name);
  await ctx.deps.modelServer.removeModel(name);
}

async function isModelUsed(ctx: Ctx, modelId: string): Promise<boolean> {
  return (await ctx.deps.collections.listWriteTargets()).some((collection) => collection.modelId === modelId);
}
