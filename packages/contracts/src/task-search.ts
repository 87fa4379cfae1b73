import { z } from 'zod';
import type { ErrorCode } from './error-code.ts';
import type { TaskKind, TaskPriority, TaskProgress, TaskStatus } from './task.ts';

export const BulkAction = z.enum(['retry', 'cancel']);
export type BulkAction = z.infer<typeof BulkAction>;

/** All conditions must hold; an absent one always does. */
export interface TaskFilter {
  kinds?: readonly TaskKind[];
  statuses?: readonly TaskStatus[];
  /** Any of these models, rollouts, collections, batches or sources is what the task is about. */
  subjects?: readonly string[];
  /** The id begins with it; where none does, the error's code or message holds it, whatever the case of its letters. */
  text?: string;
  /** Both ends included. */
  createdFrom?: Date;
  createdTo?: Date;
}

/** Place of a task in the order of a search: newest first. */
export interface TaskCursor {
  createdAt: Date;
  id: string;
}

/** What a list shows of a task; input, result and attempts are read with the task itself. */
export interface TaskSummary {
  id: string;
  kind: TaskKind;
  status: TaskStatus;
  priority: TaskPriority;
  attempt: number;
  attemptsMax: number;
  progress: TaskProgress | null;
  /** The message is cut at 300 characters. */
  error: { code: ErrorCode; message: string } | null;
  cancelRequested: boolean;
  subjects: string[];
  workerId: string | null;
  notBefore: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** What cannot be counted by an index alone, as words of an error, is counted up to here. */
export const countedTasksMax = 2_000;

export interface TaskCounts {
  byStatus: Record<TaskStatus, number>;
  total: number;
  /** The filter is one that must be counted one by one, and there are more: each number is a lower bound. */
  isCapped: boolean;
}

/** How much of one kind waits and runs. */
export interface KindDepth {
  kind: TaskKind;
  /** Due now. */
  waiting: number;
  /** Not to be started before a later time. */
  delayed: number;
  running: number;
  /** Running by their documents, but the lease has run out: the worker died or hangs. */
  stalled: number;
  failed: number;
  /** When the longest waiting due task was made; null when none waits. */
  oldestAt: Date | null;
}
