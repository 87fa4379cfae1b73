import { z } from 'zod';
import type { SyncMode } from './data-source.ts';
import type { ErrorCode } from './error-code.ts';
import type { ItemFailure, ItemImage, ItemProcessing } from './item.ts';
import type { SettingsSearch } from './settings-search.ts';
import type { BulkAction } from './task-search.ts';

export const TaskStatus = z.enum(['pending', 'processing', 'done', 'failed', 'refused', 'canceled']);
export type TaskStatus = z.infer<typeof TaskStatus>;

export const TaskKind = z.enum([
  'upsertion',
  'deletion',
  'data_source_sync',
  'fine_tuning',
  'evaluation',
  'deployment',
  'reindex',
  'verification',
  'switch',
  'retirement',
  'ranking_fit',
  'suggestion_learning',
  'category_fit',
  'model_deployment',
  'model_deletion',
  'improvement',
  'retention',
  'task_bulk',
  'projection',
  'golden_evaluation',
]);
export type TaskKind = z.infer<typeof TaskKind>;

/** Waiting tasks of one kind start in this order; what runs is never interrupted. */
export const TaskPriority = z.enum(['high', 'normal', 'low']);
export type TaskPriority = z.infer<typeof TaskPriority>;

/** Legal moves; `processing → processing` is a new attempt after an expired lease. */
export const taskTransitions: Record<TaskStatus, readonly TaskStatus[]> = {
  pending: ['processing', 'canceled', 'refused'],
  processing: ['processing', 'done', 'failed', 'refused', 'canceled', 'pending'],
  done: [],
  failed: ['pending'],
  refused: ['pending'],
  canceled: ['pending'],
};

export interface TaskInputs {
  upsertion: {
    items: { id: string; title: string; text: string; payload: Record<string, unknown>; image?: ItemImage }[];
    processing?: ItemProcessing;
    /** Items that are stored already: only vectors that are missing are made. */
    stored?: string[];
  };
  deletion: { itemIds: string[] };
  /**
   * `only`: nothing but these items, from the start; the source's cursor stays where it is. `force`: vanished items are
   * deleted however many they are.
   */
  data_source_sync: { sourceId: string; mode: SyncMode; only?: string[]; force?: boolean };
  fine_tuning: {
    baseModelId: string;
    batchId: string | null;
    method: string;
    settings: Record<string, unknown>;
    deploy: boolean;
    rolloutId: string | null;
    /** Settings are tried before the training that counts; absent: trained as given. */
    search?: SettingsSearch;
  };
  evaluation: { rolloutId: string };
  deployment: { rolloutId: string };
  reindex: { rolloutId: string };
  verification: { rolloutId: string };
  switch: { rolloutId: string };
  retirement: { collectionId: string };
  /** Fits the weights of words and meaning of one collection on the sessions of a batch. */
  ranking_fit: { collectionId: string; batchId: string };
  /** Learns suggestions from the sessions since the last time. */
  suggestion_learning: Record<string, never>;
  /** Centroids of the categories in a payload field, weighed by clicks and calibrated. */
  category_fit: { collectionId: string; field: string };
  /** Loads a model into the model server, outside of any rollout. */
  model_deployment: { modelId: string };
  /** Takes a model off the model server; its files stay in the object store. */
  model_deletion: { modelId: string };
  /** Learns what sessions say about the items and users of one collection, as an overlay over its vectors. */
  improvement: { collectionId: string };
  /** Removes what has been kept for long enough. */
  retention: Record<string, never>;
  /** A map of a collection's items in two dimensions, laid on the newest map of another collection. */
  projection: { collectionId: string; field: string | null };
  /** Asks the live search the queries of the golden set. */
  golden_evaluation: Record<string, never>;
  /** Retries or cancels every task that meets the filter and was made no later than `until` (ISO 8601). */
  task_bulk: { action: BulkAction; filter: Record<string, unknown>; until: string; count: number };
}

/** How one attempt at a task ended. */
export interface TaskAttempt {
  attempt: number;
  workerId: string | null;
  startedAt: Date | null;
  endedAt: Date;
  /** `released`: given back for another attempt. */
  outcome: 'done' | 'failed' | 'refused' | 'canceled' | 'released';
  error: { code: ErrorCode; message: string; stack?: string } | null;
}

export interface TaskProgress {
  done: number;
  total: number;
  note: string;
  /** Estimated seconds left; null while unknown. */
  secondsLeft: number | null;
}

/** The document that decides. Jobs only carry its id. */
export interface Task<K extends TaskKind = TaskKind> {
  id: string;
  kind: K;
  status: TaskStatus;
  priority: TaskPriority;
  /** Fencing token: every write of a worker carries the attempt that it claimed. */
  attempt: number;
  attemptsMax: number;
  leaseUntil: Date | null;
  idempotencyKey: string;
  /** null until the queue has been told; the sweeper enqueues what stays null. */
  dispatchedAt: Date | null;
  /** Not to be started before this time (delayed retirement, retry back-off). */
  notBefore: Date | null;
  input: TaskInputs[K];
  /** Cursor that the next attempt resumes from; its shape belongs to the handler. */
  checkpoint: Record<string, unknown> | null;
  progress: TaskProgress | null;
  result: Record<string, unknown> | null;
  failures: ItemFailure[];
  error: { code: ErrorCode; message: string } | null;
  cancelRequested: boolean;
  /** When the latest attempt began and ended; null before and while it runs. */
  startedAt: Date | null;
  finishedAt: Date | null;
  /** The worker of the latest attempt. */
  workerId: string | null;
  /** Attempts that have ended, oldest first, the last 20. One that is missing died with its worker. */
  attempts: TaskAttempt[];
  /** Most items per second, set by an operator; null: as fast as it can; absent: the setting of the workers. */
  itemsPerSecond?: number | null;
  createdAt: Date;
  updatedAt: Date;
  /** W3C trace context of the request that asked for it; absent where that was not traced. */
  traceparent?: string;
}
/** Any task, discriminated by kind. */
export type AnyTask = { [K in TaskKind]: Task<K> }[TaskKind];
