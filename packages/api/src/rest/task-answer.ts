import { type AnyTask, type FailureStage, StudioError, type Task, type TaskKind } from '@embedding-studio/contracts';
import type { z } from 'zod';
import type { SyncAnswer } from './schemas/data-sources.ts';
import type { DeletionAnswer, FineTuningAnswer, UpsertionAnswer } from './schemas/tasks.ts';

function isKind<K extends TaskKind>(task: AnyTask, kind: K): task is AnyTask & Task<K> {
  return task.kind === kind;
}

/** A task of another kind is unknown at this address. */
export function expectKind<K extends TaskKind>(task: AnyTask, kind: K): AnyTask & Task<K> {
  if (isKind(task, kind)) return task;
  throw new StudioError('TASK_NOT_FOUND', `There is no ${kind} task "${task.id}".`, { field: 'task_id' });
}

export function commonAnswer(task: AnyTask) {
  return {
    task_id: task.id,
    status: task.status,
    created_at: task.createdAt.toISOString(),
    updated_at: task.updatedAt.toISOString(),
    ...(task.error && { detail: `${task.error.code}: ${task.error.message}` }),
  };
}

/** The names that REST has always had for them. */
const stageNames: Record<FailureStage, string> = {
  load: 'on_downloading',
  validate: 'other',
  compose: 'on_splitting',
  embed: 'on_inference',
  store: 'on_upsert',
  other: 'other',
};

export function upsertionAnswer(task: AnyTask): z.input<typeof UpsertionAnswer> {
  const { progress, failures } = expectKind(task, 'upsertion');
  return {
    ...commonAnswer(task),
    ...(progress && { progress: { done: progress.done, total: progress.total } }),
    failed_items: failures.map((failure) => ({
      object_id: failure.itemId,
      detail: failure.detail,
      failure_stage: stageNames[failure.stage],
    })),
  };
}

export function deletionAnswer(task: AnyTask): z.input<typeof DeletionAnswer> {
  const { progress, failures } = expectKind(task, 'deletion');
  return {
    ...commonAnswer(task),
    ...(progress && { progress: { done: progress.done, total: progress.total } }),
    failed_item_ids: failures.map(({ itemId, detail }) => ({ object_id: itemId, detail })),
  };
}

export function syncAnswer(task: AnyTask): z.input<typeof SyncAnswer> {
  const { input, progress, failures } = expectKind(task, 'data_source_sync');
  return {
    ...commonAnswer(task),
    source_id: input.sourceId,
    mode: input.mode,
    records: progress?.done ?? 0,
    failed_items: failures.map(({ itemId, detail, stage }) => ({
      ...{ object_id: itemId, detail, failure_stage: stageNames[stage] },
    })),
  };
}

export function fineTuningAnswer(task: AnyTask): z.input<typeof FineTuningAnswer> {
  const { input, result } = expectKind(task, 'fine_tuning');
  const modelId = result?.modelId;
  return {
    ...commonAnswer(task),
    embedding_model_id: input.baseModelId,
    deploy_as_blue: input.deploy,
    ...(input.batchId !== null && { batch_id: input.batchId }),
    ...(input.rolloutId !== null && { rollout_id: input.rolloutId }),
    ...(typeof modelId === 'string' && { best_model_id: modelId }),
  };
}
