import { TaskStatus, type TaskStore, taskTransitions } from '@embedding-studio/contracts';
import type { Filter } from 'mongodb';
import { requireText } from './document-values.ts';
import type { TaskDocument, TaskParts } from './task-documents.ts';

/** Not waiting and not running; a restarted one is open again. */
const ended = TaskStatus.options.filter((status) => !taskTransitions[status].includes('processing'));

type Page = Parameters<TaskStore['listEnded']>[0];

const endedBefore = (before: Date): Filter<TaskDocument> => ({ status: { $in: ended }, updatedAt: { $lt: before } });

export async function listEnded(
  { tasks }: TaskParts,
  { before, after, limit }: Page,
): ReturnType<TaskStore['listEnded']> {
  const from = after === null ? {} : { _id: { $gt: requireText(after, 'after') } };
  const found = await tasks
    .find({ ...endedBefore(before), ...from }, { projection: { kind: 1 } })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray();
  return found.map(({ _id, kind }) => ({ id: _id, kind }));
}

export async function deleteEnded({ tasks }: TaskParts, ids: readonly string[], before: Date): Promise<number> {
  if (ids.length === 0) return 0;
  const deleted = await tasks.deleteMany({ ...endedBefore(before), _id: { $in: [...ids] } });
  return deleted.deletedCount;
}
