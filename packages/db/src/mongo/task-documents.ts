import {
  type AnyTask,
  type ItemFailure,
  StudioError,
  type Task,
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
}

export function toTask(document: TaskDocument): AnyTask {
  const { _id, inputJson, checkpointJson, resultJson, ...rest } = document;
  return {
    ...rest,
    priority: rest.priority ?? 'normal',
    id: _id,
    input: unpackJson(inputJson),
    checkpoint: checkpointJson === null ? null : unpackJson(checkpointJson),
    result: resultJson === null ? null : unpackJson(resultJson),
  } as AnyTask;
}

export interface TaskParts {
  tasks: Collection<TaskDocument>;
  now: () => Date;
}

export async function findTask({ tasks }: TaskParts, id: string): Promise<TaskDocument> {
  const document = await tasks.findOne({ _id: requireText(id, 'taskId') });
  if (document === null) throw new StudioError('TASK_NOT_FOUND', `No task ${id}`, { field: 'taskId' });
  return document;
}
