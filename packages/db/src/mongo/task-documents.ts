import {
  type AnyTask,
  type ItemFailure,
  StudioError,
  type Task,
  type TaskAttempt,
  type TaskKind,
  type TaskPriority,
  type TaskProgress,
  type TaskStatus,
} from '@embedding-studio/contracts';
import type { Collection } from 'mongodb';
import { requireText, unpackJson } from './document-values.ts';

export interface TaskDocument {
  _id: string;
  kind: TaskKind;
  status: TaskStatus;
  /** Absent in documents of earlier versions. */
  priority?: TaskPriority;
  attempt: number;
  attemptsMax: number;
  leaseUntil: Date | null;
  idempotencyKey: string;
  dispatchedAt: Date | null;
  notBefore: Date | null;
  inputJson: string;
  checkpointJson: string | null;
  progress: TaskProgress | null;
  resultJson: string | null;
  failures: ItemFailure[];
  error: Task['error'];
  cancelRequested: boolean;
  createdAt: Date;
  updatedAt: Date;
  /** What follows is absent in documents of earlier versions. */
  startedAt?: Date | null;
  finishedAt?: Date | null;
  workerId?: string | null;
  attempts?: TaskAttempt[];
  itemsPerSecond?: number | null;
  /** Absent where the request was not traced. */
  traceparent?: string;
  /** Ids that the input names, to be searched by; absent where there is none. */
  subjects?: string[];
}

const subjectFields = ['modelId', 'baseModelId', 'rolloutId', 'collectionId', 'batchId', 'sourceId'];

export function subjectsOf(input: object): { subjects?: string[] } {
  const named = Object.entries(input).flatMap(([key, value]) =>
    subjectFields.includes(key) && typeof value === 'string' && value !== '' ? [value] : [],
  );
  return named.length === 0 ? {} : { subjects: [...new Set(named)] };
}

export function toTask(document: TaskDocument): AnyTask {
  const { _id, inputJson, checkpointJson, resultJson, subjects: _derived, ...rest } = document;
  return {
    ...rest,
    priority: rest.priority ?? 'normal',
    startedAt: rest.startedAt ?? null,
    finishedAt: rest.finishedAt ?? null,
    workerId: rest.workerId ?? null,
    attempts: rest.attempts ?? [],
    id: _id,
    input: unpackJson(inputJson),
    checkpoint: checkpointJson === null ? null : unpackJson(checkpointJson),
    result: resultJson === null ? null : unpackJson(resultJson),
  } as AnyTask;
}

export interface TaskParts {
  tasks: Collection<TaskDocument>;
  now: () => Date;
  /** Trace context of whoever asks for a task, kept with it. */
  traceparent?: () => string | undefined;
}

export async function findTask({ tasks }: TaskParts, id: string): Promise<TaskDocument> {
  const document = await tasks.findOne({ _id: requireText(id, 'taskId') });
  if (document === null) throw new StudioError('TASK_NOT_FOUND', `No task ${id}`, { field: 'taskId' });
  return document;
}
