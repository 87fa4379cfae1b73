import {
  type AnyTask,
  jobCatalog,
  StudioError,
  type Task,
  type TaskAttempt,
  type TaskClaim,
  type TaskStatus,
  type TaskStore,
  taskTransitions,
} from '@embedding-studio/contracts';
import type { Filter, UpdateFilter } from 'mongodb';
import { packJson, requireText } from './document-values.ts';
import { findTask, type TaskDocument, type TaskParts, toTask } from './task-documents.ts';

type Moves = Pick<
  TaskStore,
  'claimTask' | 'renewLease' | 'saveCheckpoint' | 'settleTask' | 'releaseTask' | 'cancelTask' | 'restartTask'
>;

const after = { returnDocument: 'after' } as const;

function addSeconds(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1_000);
}

function illegal(task: TaskDocument, wanted: string): StudioError {
  return new StudioError('TRANSITION_ILLEGAL', `Task ${task._id} is ${task.status} and cannot be ${wanted}`);
}

interface Claiming {
  id: string;
  leaseSeconds: number;
  workerId: string | undefined;
}

async function claimTask(parts: TaskParts, { id, leaseSeconds, workerId = '' }: Claiming): Promise<AnyTask | null> {
  const now = parts.now();
  const _id = requireText(id, 'taskId');
  const free: Filter<TaskDocument> = {
    $or: [
      { _id, status: 'pending', notBefore: null },
      { _id, status: 'pending', notBefore: { $lte: now } },
      { _id, status: 'processing', leaseUntil: { $lt: now } },
    ],
  };
  const claimed = await parts.tasks.findOneAndUpdate(
    free,
    {
      $set: {
        ...{ status: 'processing', leaseUntil: addSeconds(now, leaseSeconds), updatedAt: now },
        ...{ startedAt: now, finishedAt: null, workerId: workerId === '' ? null : workerId },
      },
      $inc: { attempt: 1 },
    },
    after,
  );
  if (claimed !== null) return toTask(claimed);
  await findTask(parts, id);
  return null;
}

/** Every write of a worker goes through here: it reaches the document only while the claim is the current one. */
async function writeClaimed(
  parts: TaskParts,
  claim: TaskClaim,
  update: UpdateFilter<TaskDocument>,
): Promise<TaskDocument> {
  const held = { _id: requireText(claim.taskId, 'taskId'), status: 'processing' as const, attempt: claim.attempt };
  const written = await parts.tasks.findOneAndUpdate(held, update, after);
  if (written !== null) return written;
  const current = await findTask(parts, claim.taskId);
  throw new StudioError(
    'LEASE_LOST',
    `Attempt ${claim.attempt} no longer holds task ${claim.taskId}: it is ${current.status}, attempt ${current.attempt}`,
  );
}

const attemptsKept = 20;

/** One more line in the history of attempts. */
function recordAttempt(
  claim: TaskClaim,
  end: Pick<TaskAttempt, 'outcome' | 'error' | 'endedAt'>,
): { attempts: { $each: TaskAttempt[]; $slice: number } } {
  const { attempt, startedAt = null, workerId = null } = claim;
  return { attempts: { $each: [{ attempt, workerId, startedAt, ...end }], $slice: -attemptsKept } };
}

async function settleTask(
  parts: TaskParts,
  claim: TaskClaim,
  outcome: Parameters<TaskStore['settleTask']>[1],
): Promise<void> {
  const change: Partial<TaskDocument> =
    outcome.status === 'done'
      ? {
          resultJson: packJson(outcome.result, 'result'),
          error: null,
          ...(outcome.failures === undefined ? {} : { failures: outcome.failures }),
        }
      : { error: outcome.error };
  const endedAt = parts.now();
  const error = outcome.status === 'done' ? null : { ...outcome.error, ...stackOf(outcome.stack) };
  try {
    const $set = { ...change, status: outcome.status, leaseUntil: null, updatedAt: endedAt, finishedAt: endedAt };
    const $push = recordAttempt(claim, { outcome: outcome.status, error, endedAt });
    await writeClaimed(parts, claim, { $set, $push });
  } catch (error) {
    // The answer to a first, successful try may have been lost on the way.
    const current = await parts.tasks.findOne({ _id: claim.taskId });
    if (current?.status !== outcome.status || current.attempt !== claim.attempt) throw error;
  }
}

const stackOf = (stack: string | undefined) => (stack === undefined ? {} : { stack: stack.slice(0, 4_000) });

/** Pending: at once. Processing: the worker is told at its next renewal. Cancelled already: unchanged. */
async function cancelTask(parts: TaskParts, id: string): Promise<AnyTask> {
  const _id = requireText(id, 'taskId');
  const error: Task['error'] = { code: 'ABORTED', message: 'The task was canceled before it ran.' };
  const atOnce = { from: 'pending' as const, set: { status: 'canceled' as const, cancelRequested: true, error } };
  const change: { from: TaskStatus; set: Partial<TaskDocument> }[] = [
    atOnce,
    { from: 'processing', set: { cancelRequested: true } },
    // A worker may have given the task back between the two tries.
    atOnce,
  ];
  for (const { from, set } of change) {
    const $set = { ...set, updatedAt: parts.now(), ...(set.status === undefined ? {} : { finishedAt: parts.now() }) };
    const changed = await parts.tasks.findOneAndUpdate({ _id, status: from }, { $set }, after);
    if (changed !== null) return toTask(changed);
  }
  const current = await findTask(parts, id);
  if (current.status === 'canceled') return toTask(current);
  throw illegal(current, 'cancelled');
}

/** Attempts go on counting, since they fence; the allowance grows instead. The checkpoint stays. */
async function restartTask(parts: TaskParts, id: string): Promise<AnyTask> {
  const current = await findTask(parts, id);
  if (current.status === 'processing' || !taskTransitions[current.status].includes('pending'))
    throw illegal(current, 'restarted');
  const restarted = await parts.tasks.findOneAndUpdate(
    { _id: current._id, status: current.status, attempt: current.attempt },
    {
      $set: {
        status: 'pending',
        attemptsMax: current.attempt + jobCatalog[current.kind].attemptsMax,
        cancelRequested: false,
        dispatchedAt: null,
        notBefore: null,
        leaseUntil: null,
        error: null,
        resultJson: null,
        ...{ updatedAt: parts.now(), finishedAt: null },
      },
    },
    after,
  );
  if (restarted === null) throw illegal(await findTask(parts, id), 'restarted');
  return toTask(restarted);
}

export function createTaskMoves(parts: TaskParts): Moves {
  const { now } = parts;
  return {
    claimTask: (id, leaseSeconds, workerId) => claimTask(parts, { id, leaseSeconds, workerId }),
    async renewLease(claim, leaseSeconds) {
      const $set = { leaseUntil: addSeconds(now(), leaseSeconds) };
      const { cancelRequested } = await writeClaimed(parts, claim, { $set });
      return { cancelRequested };
    },
    async saveCheckpoint(claim, { checkpoint, progress, failures }) {
      const $set: Partial<TaskDocument> = {
        ...(checkpoint === undefined ? {} : { checkpointJson: packJson(checkpoint, 'checkpoint') }),
        ...(progress === undefined ? {} : { progress }),
        ...(failures === undefined ? {} : { failures }),
        updatedAt: now(),
      };
      const { cancelRequested } = await writeClaimed(parts, claim, { $set });
      return { cancelRequested };
    },
    settleTask: (claim, outcome) => settleTask(parts, claim, outcome),
    async releaseTask(claim, { delaySeconds, error, stack, isFree = false }) {
      const time = now();
      const notBefore = delaySeconds > 0 ? addSeconds(time, delaySeconds) : null;
      const $set = {
        status: 'pending' as const,
        leaseUntil: null,
        dispatchedAt: null,
        notBefore,
        error,
        ...{ updatedAt: time, finishedAt: time },
      };
      const ended = { outcome: 'released' as const, error: { ...error, ...stackOf(stack) }, endedAt: time };
      const $inc = { attemptsMax: isFree ? 1 : 0 };
      await writeClaimed(parts, claim, { $set, $inc, $push: recordAttempt(claim, ended) });
    },
    cancelTask: (id) => cancelTask(parts, id),
    restartTask: (id) => restartTask(parts, id),
  };
}
