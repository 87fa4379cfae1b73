import { type AnyTask, jobCatalog, newId, StudioError, TaskStatus, type TaskStore } from '@embedding-studio/contracts';
import type { Collection, Filter } from 'mongodb';
import { packJson, requireText } from './document-values.ts';
import { deleteEnded, listEnded } from './ended-tasks.ts';
import { isDuplicateKey } from './mongo-errors.ts';
import { findTask, subjectsOf, type TaskDocument, type TaskParts, toTask } from './task-documents.ts';
import { createTaskMoves } from './task-moves.ts';

type Request = Parameters<TaskStore['requestTask']>[0];

function toDocument(request: Request, { now: time, traceparent: trace }: TaskParts): TaskDocument {
  const [now, traceparent] = [time(), trace?.()];
  return {
    _id: requireText(request.id ?? newId('task'), 'id'),
    kind: request.kind,
    status: 'pending',
    priority: request.priority ?? 'normal',
    attempt: 0,
    attemptsMax: jobCatalog[request.kind].attemptsMax,
    leaseUntil: null,
    idempotencyKey: requireText(request.idempotencyKey, 'idempotencyKey'),
    dispatchedAt: null,
    notBefore: request.notBefore ?? null,
    inputJson: packJson(request.input, 'input'),
    checkpointJson: null,
    progress: null,
    resultJson: null,
    failures: [],
    error: null,
    cancelRequested: false,
    ...{ createdAt: now, updatedAt: now, startedAt: null, finishedAt: null, workerId: null, attempts: [] },
    ...subjectsOf(request.input),
    ...(traceparent !== undefined && { traceparent }),
  };
}

async function requestTask(parts: TaskParts, request: Request): Promise<{ task: AnyTask; created: boolean }> {
  const document = toDocument(request, parts);
  try {
    await parts.tasks.insertOne(document);
    return { task: toTask(document), created: true };
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const existing = await parts.tasks.findOne({ idempotencyKey: document.idempotencyKey });
    if (existing !== null) return { task: toTask(existing), created: false };
    throw new StudioError('TASK_CONFLICT', `Task ${document._id} exists under another idempotency key`, {
      field: 'id',
      cause: error,
    });
  }
}

/** Never told to the queue, or held by a worker that stopped renewing; not before their time. */
function undelivered(now: Date): Filter<TaskDocument> {
  return {
    $or: [
      { status: 'pending', dispatchedAt: null, notBefore: null },
      { status: 'pending', dispatchedAt: null, notBefore: { $lte: now } },
      { status: 'processing', leaseUntil: { $lt: now } },
    ],
  };
}

export async function createTaskIndexes(tasks: Collection<TaskDocument>): Promise<void> {
  await tasks.createIndex({ idempotencyKey: 1 }, { unique: true });
  await tasks.createIndex({ status: 1, createdAt: 1, _id: 1 });
  await tasks.createIndex({ kind: 1, status: 1, createdAt: 1, _id: 1 });
  await tasks.createIndex({ kind: 1, status: 1, notBefore: 1 });
  await tasks.createIndex({ subjects: 1 }, { sparse: true });
}

export function createTaskStore(parts: TaskParts): TaskStore {
  const { tasks } = parts;
  return {
    ...createTaskMoves(parts),
    requestTask: (request) => requestTask(parts, request as Request),
    getTask: async (id) => toTask(await findTask(parts, id)),
    /** Newest first. */
    async listTasks({ kind, status, offset, limit }) {
      const filter: Filter<TaskDocument> = {
        ...(kind === undefined ? {} : { kind: requireText(kind, 'kind') as typeof kind }),
        status: status === undefined ? { $in: TaskStatus.options } : (requireText(status, 'status') as typeof status),
      };
      const found = await tasks.find(filter).sort({ createdAt: -1, _id: -1 }).skip(offset).limit(limit).toArray();
      return found.map(toTask);
    },
    listEnded: (page) => listEnded(parts, page),
    deleteEnded: (ids, before) => deleteEnded(parts, ids, before),
    async updateRate(id, itemsPerSecond) {
      const $set = { itemsPerSecond, updatedAt: parts.now() };
      const changed = await tasks.findOneAndUpdate(
        { _id: requireText(id, 'taskId') },
        { $set },
        { returnDocument: 'after' },
      );
      return toTask(changed ?? (await findTask(parts, id)));
    },
    async findRate(id) {
      const projection = { itemsPerSecond: 1 } as const;
      const found = await tasks.findOne({ _id: requireText(id, 'taskId') }, { projection });
      return found?.itemsPerSecond;
    },
    /** Oldest first. */
    async listUndelivered(limit) {
      const found = await tasks.find(undelivered(parts.now())).sort({ createdAt: 1, _id: 1 }).limit(limit).toArray();
      return found.map(toTask);
    },
    async markDispatched(id) {
      const marked = await tasks.updateOne({ _id: requireText(id, 'taskId') }, { $set: { dispatchedAt: parts.now() } });
      if (marked.matchedCount === 0) await findTask(parts, id);
    },
  };
}
