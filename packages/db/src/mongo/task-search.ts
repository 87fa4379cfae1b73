import {
  countedTasksMax,
  type KindDepth,
  StudioError,
  type TaskCounts,
  type TaskFilter,
  TaskKind,
  type TaskSearch,
  TaskStatus,
  type TaskSummary,
} from '@embedding-studio/contracts';
import type { Filter } from 'mongodb';
import { requireText } from './document-values.ts';
import type { TaskDocument, TaskParts } from './task-documents.ts';

const messageMax = 300;
const shown = {
  ...{ kind: 1, status: 1, priority: 1, attempt: 1, attemptsMax: 1, progress: 1, error: 1, cancelRequested: 1 },
  ...{ subjects: 1, workerId: 1, notBefore: 1, startedAt: 1, finishedAt: 1, createdAt: 1, updatedAt: 1 },
} as const;

type FindQuery = Parameters<TaskSearch['findTasks']>[0];

export function createTaskSearch(parts: TaskParts): TaskSearch {
  return {
    findTasks: (query) => findTasks(parts, query),
    countTasks: (filter) => countTasks(parts, filter),
    describeQueues: () => describeQueues(parts),
  };
}

async function findTasks(parts: TaskParts, query: FindQuery): Promise<TaskSummary[]> {
  const after = afterCursor(query.before);
  const found = await parts.tasks
    .find({ $and: [await toFilter(parts, query.filter), after] }, { projection: shown })
    .sort({ createdAt: -1, _id: -1 })
    .limit(query.limit)
    .toArray();
  return found.map((document) => toSummary(document as TaskDocument));
}

/** A text is looked for in ids, and in errors where no id begins with it. */
async function toFilter(parts: TaskParts, filter: TaskFilter): Promise<Filter<TaskDocument>> {
  const { text, ...rest } = filter;
  if (text === undefined || text === '') return conditions(rest);
  const inError = new RegExp(escapeRegExp(requireText(text, 'text')), 'i');
  const statuses = (filter.statuses ?? TaskStatus.options).filter((status) => status !== 'done');
  const ids = await listIds(parts, text);
  if (ids.length > 0) return { $and: [{ _id: { $in: ids } }, besides(conditions(rest))] };
  // Most documents fail the first condition, so that the others are hardly ever tested.
  const isMessage = { 'error.message': inError };
  const isSaid = mayBeCode.test(text) ? { $or: [isMessage, { 'error.code': inError }] } : isMessage;
  return { $and: [isSaid, conditions({ ...rest, statuses })] };
}

const mayBeCode = /^\w+$/;

/** So many that begin with the text, in the order of ids; a longer text finds the others. */
const idsMax = 200;

async function listIds({ tasks }: TaskParts, text: string): Promise<string[]> {
  const found = await tasks
    .find({ _id: { $gte: text, $lt: `${text}\uffff` } }, { projection: { _id: 1 } })
    .sort({ _id: 1 })
    .limit(idsMax)
    .toArray();
  return found.map(({ _id }) => _id);
}

function conditions({ kinds, statuses, subjects, createdFrom, createdTo }: TaskFilter): Filter<TaskDocument> {
  const kind = kinds && { kind: { $in: listOf(kinds, 'kinds') } };
  const status = { $in: listOf(statuses ?? TaskStatus.options, 'statuses') };
  const createdAt = { ...(createdFrom && { $gte: createdFrom }), ...(createdTo && { $lte: createdTo }) };
  const general = { ...kind, status, ...(Object.keys(createdAt).length === 0 ? {} : { createdAt }) };
  if (subjects === undefined) return general as Filter<TaskDocument>;
  return { $and: [{ subjects: { $in: listOf(subjects, 'subjects') } }, besides(general as Filter<TaskDocument>)] };
}

/** Tested after another condition has chosen the index: within an `$or` nothing is looked up for it. */
function besides(filter: Filter<TaskDocument>): Filter<TaskDocument> {
  return { $or: [filter] };
}

function listOf<T extends string>(values: readonly T[], field: string): T[] {
  if (!Array.isArray(values)) throw new StudioError('INPUT_INVALID', `${field} must be a list`, { field });
  return values.map((value) => requireText(value, field) as T);
}

function afterCursor(before: FindQuery['before']): Filter<TaskDocument> {
  if (before === null) return {};
  const { createdAt, id } = before;
  // The first condition says the same less exactly; an index can start from it.
  return {
    createdAt: { $lte: createdAt },
    $or: [{ createdAt: { $lt: createdAt } }, { _id: { $lt: requireText(id, 'before.id') } }],
  };
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

async function countTasks(parts: TaskParts, filter: TaskFilter): Promise<TaskCounts> {
  const isExact = filter.text === undefined && filter.subjects === undefined;
  const wanted = filter.statuses ?? TaskStatus.options;
  const counts = await Promise.all(
    wanted.map(async (status) => [status, await countOne(parts, { ...filter, statuses: [status] }, isExact)] as const),
  );
  const none = Object.fromEntries(TaskStatus.options.map((status) => [status, 0])) as Record<TaskStatus, number>;
  const byStatus = { ...none, ...Object.fromEntries(counts) };
  return {
    byStatus,
    total: counts.reduce((sum, [, count]) => sum + count, 0),
    isCapped: !isExact && counts.some(([, count]) => count >= countedTasksMax),
  };
}

async function countOne(parts: TaskParts, filter: TaskFilter, isExact: boolean): Promise<number> {
  const { tasks } = parts;
  if (isExact) return tasks.countDocuments(conditions(filter));
  return tasks.countDocuments(await toFilter(parts, filter), { limit: countedTasksMax });
}

async function describeQueues(parts: TaskParts): Promise<KindDepth[]> {
  const time = parts.now();
  const lapsed = { status: 'processing' as const, leaseUntil: { $lt: time } };
  const stalled = await parts.tasks
    .find(lapsed, { projection: { kind: 1 } })
    .limit(countedTasksMax)
    .toArray();
  return Promise.all(
    TaskKind.options.map(async (kind) => ({
      ...{ kind, stalled: stalled.filter((one) => one.kind === kind).length },
      ...(await describeQueue(parts, kind, time)),
    })),
  );
}

async function describeQueue({ tasks }: TaskParts, kind: TaskKind, time: Date) {
  const [pending, running, failed] = await Promise.all(
    (['pending', 'processing', 'failed'] as const).map((status) => tasks.countDocuments({ kind, status })),
  );
  const counts = { running: running ?? 0, failed: failed ?? 0 };
  if (!pending) return { waiting: 0, delayed: 0, oldestAt: null, ...counts };
  const later = new Date(time.getTime() + 1);
  const [delayed, [oldest]] = await Promise.all([
    tasks.countDocuments({ kind, status: 'pending', notBefore: { $gte: later } }),
    tasks
      .find(
        { kind, status: 'pending', $or: [{ notBefore: null }, { notBefore: { $lte: time } }] },
        { projection: { createdAt: 1 } },
      )
      .sort({ createdAt: 1, _id: 1 })
      .limit(1)
      .toArray(),
  ]);
  return { waiting: pending - delayed, delayed, oldestAt: oldest?.createdAt ?? null, ...counts };
}

function toSummary(document: TaskDocument): TaskSummary {
  const { _id, error, priority, subjects, workerId, startedAt, finishedAt, ...rest } = document;
  const { kind, status, attempt, attemptsMax, progress, cancelRequested, notBefore, createdAt, updatedAt } = rest;
  return {
    ...{ id: _id, kind, status, attempt, attemptsMax, progress, cancelRequested, notBefore, createdAt, updatedAt },
    priority: priority ?? 'normal',
    error: error === null ? null : { code: error.code, message: error.message.slice(0, messageMax) },
    subjects: subjects ?? [],
    workerId: workerId ?? null,
    startedAt: startedAt ?? null,
    finishedAt: finishedAt ?? null,
  };
}
