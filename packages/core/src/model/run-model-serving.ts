import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { deployModel } from '../rollout/run-deployment.ts';
import { requireUnused } from './require-unused.ts';

/** Loads a model and sees that it answers. */
export async function runModelDeployment({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: JobRun<'model_deployment'>;
}): Promise<JobResult> {
  authorise(ctx, 'model.write');
  const { modelId } = input.task.input;
  await deployModel(ctx, modelId);
  return { result: { modelId } };
}

/** Unloads a model and takes it out of the server's repository; a second time is no error. */
export async function runModelDeletion({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: JobRun<'model_deletion'>;
}): Promise<JobResult> {
  authorise(ctx, 'model.write');
  const { modelId } = input.task.input;
  await requireUnused(ctx, modelId);
  await ctx.deps.modelServer.unloadModel(modelId);
  await ctx.deps.modelServer.removeModel(modelId);
  return { result: { modelId } };
}
