import type { ErrorCode, ItemFailure, Task, TaskKind, TaskProgress, TaskStatus } from '@embedding-studio/contracts';

export interface CheckpointChange {
  checkpoint?: Record<string, unknown>;
  progress?: TaskProgress;
  failures?: ItemFailure[];
}

/** One claimed attempt at a task. */
export interface HostedJob<K extends TaskKind> {
  task: Task<K>;
  /** Aborted when the lease is lost, the task is canceled, or the worker shuts down. */
  signal: AbortSignal;
  /** Stores the cursor that the next attempt resumes from. Throws once the attempt is over (LEASE_LOST, ABORTED). */
  save(change: CheckpointChange): Promise<void>;
}

export interface JobResult {
  result: Record<string, unknown>;
  failures?: ItemFailure[];
}

/** Does the work; may be killed anywhere and called again, so every effect must be idempotent. */
export type JobHandler<K extends TaskKind> = (job: HostedJob<K>) => Promise<JobResult>;
export type JobHandlers = { [K in TaskKind]?: JobHandler<K> };

/** Told after a task has ended without success. */
export type FailureListener = (end: {
  taskId: string;
  kind: TaskKind;
  status: Exclude<TaskStatus, 'pending' | 'processing' | 'done'>;
  error: { code: ErrorCode; message: string };
}) => Promise<void>;
