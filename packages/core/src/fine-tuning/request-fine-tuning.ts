import {
  type AnyTask,
  newId,
  type Rollout,
  SettingsSearch,
  StudioError,
  type TaskInputs,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import { derivedId } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { resolveSpace } from '../settings-search/search-space.ts';
import { dispatchTask } from '../task/dispatch-task.ts';

export const RequestFineTuningInput = z.object({
  /** Client-chosen task id. */
  id: z.string().min(1).max(128).optional(),
  /** Defaults to the model of the live collection. */
  baseModelId: z.string().min(1).max(128).optional(),
  /** Defaults to what is collecting, which is released under the idempotency key. */
  batchId: z.string().min(1).max(128).optional(),
  method: z.string().min(1).max(64).default('contrastive'),
  settings: z.record(z.string(), z.unknown()).default({}),
  /** false: train and register the model, and stop there. */
  deploy: z.boolean().default(true),
  /** false: what the gate accepts waits, verified, until somebody promotes it. */
  switches: z.boolean().default(true),
  idempotencyKey: z.string().min(1).max(128).optional(),
  /** Tries settings within a time of its own before the training that counts. */
  search: SettingsSearch.optional(),
});
export type RequestFineTuningInput = z.input<typeof RequestFineTuningInput>;

export interface RequestFineTuningResult {
  task: AnyTask;
  rollout: Rollout | null;
  created: boolean;
}

/** Starts the saga from clicks to a better live collection. The same idempotency key returns the same task and rollout. */
export async function requestFineTuning({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: RequestFineTuningInput;
}): Promise<RequestFineTuningResult> {
  authorise(ctx, 'rollout.write');
  const request = parseInput(RequestFineTuningInput, input);
  const key = request.idempotencyKey ?? request.id ?? newId('request');
  checkMethod(ctx, request);
  const live = await ctx.deps.collections.findLive();
  const baseModelId = request.baseModelId ?? (await liveModelId(ctx, live?.collectionId ?? null));
  if (request.deploy && live === null) throw nothingLive();
  await ctx.deps.models.getModel(baseModelId);
  if (request.batchId !== undefined) await ctx.deps.sessions.getBatch(request.batchId);
  const batchId = request.batchId ?? (await ctx.deps.sessions.releaseBatch(key))?.batchId ?? null;
  const rollout = request.deploy
    ? await createRollout(ctx, {
        ...request,
        key,
        baseModelId,
        batchId,
        sourceCollectionId: live?.collectionId ?? null,
      })
    : null;
  const taskInput: TaskInputs['fine_tuning'] = {
    baseModelId,
    batchId,
    method: request.method,
    settings: request.settings,
    deploy: request.deploy,
    rolloutId: rollout?.id ?? null,
    ...(request.search && { search: request.search }),
  };
  const { task, created } = await ctx.deps.tasks.requestTask({
    kind: 'fine_tuning',
    id: request.id,
    idempotencyKey: rollout === null ? `fine_tuning:${key}` : `${rollout.id}:fine_tuning:0`,
    input: taskInput,
  });
  if (created)
    await recordAudit(ctx, {
      action: 'fine-tuning.request',
      subject: rollout?.id ?? task.id,
      detail: { ...taskInput },
    });
  await dispatchTask(ctx, task);
  return { task, rollout, created };
}

function checkMethod(
  ctx: Ctx,
  request: Pick<z.output<typeof RequestFineTuningInput>, 'method' | 'settings' | 'search'>,
): void {
  const method = ctx.deps.methods[request.method];
  if (method !== undefined) {
    method.parseSettings(request.settings);
    if (request.search !== undefined) resolveSpace(ctx, { ...request, method, search: request.search });
    return;
  }
  const known = Object.keys(ctx.deps.methods).join(', ');
  throw new StudioError('INPUT_INVALID', `method: ${request.method} is unknown; there are: ${known}.`, {
    field: 'method',
  });
}

async function liveModelId(ctx: Ctx, collectionId: string | null): Promise<string> {
  if (collectionId !== null) return (await ctx.deps.collections.getCollection(collectionId)).modelId;
  throw nothingLive();
}

function nothingLive(): StudioError {
  return new StudioError('LIVE_COLLECTION_MISSING', 'Nothing is live to compare a new model with.', {
    publicMessage: 'Nothing is live yet: register a base model and request its index first.',
  });
}

async function createRollout(
  ctx: Ctx,
  options: {
    key: string;
    baseModelId: string;
    batchId: string | null;
    sourceCollectionId: string | null;
    switches: boolean;
  },
): Promise<Rollout> {
  const { rollout } = await ctx.deps.rollouts.createRollout({
    id: derivedId('rol', options.key),
    state: 'requested',
    isInitial: false,
    baseModelId: options.baseModelId,
    modelId: null,
    sourceCollectionId: options.sourceCollectionId,
    collectionId: null,
    batchId: options.batchId,
    ...(options.switches ? {} : { switches: false }),
    gate: null,
    verification: null,
  });
  return rollout;
}
