import { type AnyTask, newId, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { dispatchTask } from '../task/dispatch-task.ts';
import { requireUnused } from './require-unused.ts';

export const ModelServingInput = z.object({
  modelId: z.string().min(1).max(128),
  /** Client-chosen task id: the same id returns the same task. */
  id: z.string().min(1).max(128).optional(),
});
export type ModelServingInput = z.input<typeof ModelServingInput>;
type ServingKind = 'model_deployment' | 'model_deletion';

/** Makes the task that loads a model into the model server; nothing is indexed and nothing goes live. */
export async function requestModelDeployment({ ctx, input }: { ctx: Ctx; input: ModelServingInput }): Promise<AnyTask> {
  authorise(ctx, 'model.write');
  return requestServing(ctx, 'model_deployment', parseInput(ModelServingInput, input));
}

/** Makes the task that takes a model off the model server. TASK_CONFLICT while a collection needs it. */
export async function requestModelDeletion({ ctx, input }: { ctx: Ctx; input: ModelServingInput }): Promise<AnyTask> {
  authorise(ctx, 'model.write');
  const request = parseInput(ModelServingInput, input);
  await requireUnused(ctx, request.modelId);
  return requestServing(ctx, 'model_deletion', request);
}

async function requestServing(
  ctx: Ctx,
  kind: ServingKind,
  request: z.output<typeof ModelServingInput>,
): Promise<AnyTask> {
  const { modelId, id = newId('task') } = request;
  await ctx.deps.models.getModel(modelId);
  const { task, created } = await ctx.deps.tasks.requestTask({
    ...{ kind, id, idempotencyKey: `${kind}:${id}`, input: { modelId } },
  });
  const action = kind === 'model_deployment' ? 'model.deploy' : 'model.undeploy';
  if (created) await recordAudit(ctx, { action, subject: modelId, detail: { taskId: task.id } });
  await dispatchTask(ctx, task);
  return task;
}

export const ServingStatusInput = z.object({
  modelId: z.string().min(1).max(128),
  kind: z.enum(['model_deployment', 'model_deletion']),
});
export type ServingStatusInput = z.input<typeof ServingStatusInput>;

/** The newest such task of a model, and whether the model server has the model loaded now. */
export async function getServingStatus({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ServingStatusInput;
}): Promise<{ task: AnyTask; isReady: boolean }> {
  authorise(ctx, 'model.read');
  const { modelId, kind } = parseInput(ServingStatusInput, input);
  await ctx.deps.models.getModel(modelId);
  const task = await findNewest(ctx, { modelId, kind });
  return { task, isReady: await ctx.deps.modelServer.isModelReady(modelId) };
}

async function findNewest(ctx: Ctx, wanted: { modelId: string; kind: ServingKind }): Promise<AnyTask> {
  const limit = 200;
  for (let offset = 0; ; offset += limit) {
    const tasks = await ctx.deps.tasks.listTasks({ kind: wanted.kind, offset, limit });
    const found = tasks.find(({ input }) => 'modelId' in input && input.modelId === wanted.modelId);
    if (found !== undefined) return found;
    if (tasks.length < limit)
      throw new StudioError('TASK_NOT_FOUND', `Nobody has asked for a ${wanted.kind} of ${wanted.modelId}.`, {
        field: 'modelId',
      });
  }
}
