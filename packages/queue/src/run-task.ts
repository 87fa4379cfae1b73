import {
  type AnyTask,
  type ErrorCode,
  isStudioError,
  jobCatalog,
  jobPolicyOf,
  type Log,
  noTelemetry,
  StudioError,
  type TaskClaim,
  type TaskOutcome,
  type TaskStore,
  type Telemetry,
  toStudioError,
} from '@embedding-studio/contracts';
import type { FailureListener, JobHandlers, JobResult } from './job-handler.ts';
import { keepLease, type LeaseKeeper } from './lease-keeper.ts';
import { observeAttempt } from './observe-attempt.ts';
import { whileHeld } from './while-held.ts';

export interface TaskRunOptions {
  tasks: TaskStore;
  handlers: JobHandlers;
  log: Log;
  leaseSeconds?: number;
  retryDelaySeconds?: (attempt: number) => number;
  onFailure?: FailureListener;
  /** Stands in the history of attempts. */
  workerId?: string;
  /** Told of every attempt, which goes on with the trace of whoever asked for the task. */
  telemetry?: Telemetry;
  /** Lets the host abort what runs. */
  onStart?: (keeper: LeaseKeeper, task: AnyTask) => () => void;
}

export type TaskRunOutcome = 'notClaimed' | 'done' | 'failed' | 'refused' | 'canceled' | 'released' | 'leaseLost';

/** Claims a task, runs its handler under a lease, and settles it by the policy of what was thrown. */
export async function runTask(taskId: string, options: TaskRunOptions): Promise<TaskRunOutcome> {
  const { kind } = await options.tasks.getTask(taskId);
  const leaseSeconds = options.leaseSeconds ?? jobCatalog[kind].leaseSeconds;
  const task = await options.tasks.claimTask(taskId, leaseSeconds, options.workerId);
  if (task === null) return 'notClaimed';
  return observeAttempt(task, options.telemetry ?? noTelemetry, () => runAttempt(task, leaseSeconds, options));
}

async function runAttempt(task: AnyTask, leaseSeconds: number, options: TaskRunOptions): Promise<TaskRunOutcome> {
  const taskId = task.id;
  const claim = { taskId, attempt: task.attempt, startedAt: task.startedAt, workerId: task.workerId };
  const exhausted = exhaustion(task);
  if (exhausted !== null) return settleFailure({ task, claim, error: exhausted, options });
  const keeper = keepLease({ tasks: options.tasks, claim, leaseSeconds });
  const forget = options.onStart?.(keeper, task);
  try {
    const { result, failures } = await runHandler({ task, claim, keeper, options });
    await whileHeld(keeper, () => options.tasks.settleTask(claim, { status: 'done', result, failures }));
    return 'done';
  } catch (error) {
    return await endAttempt({ task, claim, keeper, error: toStudioError(error), options });
  } finally {
    keeper.stop();
    forget?.();
  }
}

/** Nothing that the task could be blamed for. */
const outages: ReadonlySet<ErrorCode> = new Set(['STORE_UNAVAILABLE', 'MODEL_SERVER_UNAVAILABLE']);
/** About a day, at one a minute. */
const outageAttemptsMax = 1_440;

/** Attempts that a shutdown cut short do not count against a task: a fleet may be redeployed any number of times. */
function exhaustion(task: AnyTask): StudioError | null {
  if (task.attempt <= task.attemptsMax || task.error?.code === 'ABORTED') return null;
  const last = task.error === null ? 'the worker died each time' : task.error.message;
  return new StudioError(task.error?.code ?? 'INTERNAL', `Gave up after ${task.attemptsMax} attempts: ${last}`);
}

function runHandler(run: {
  task: AnyTask;
  claim: TaskClaim;
  keeper: LeaseKeeper;
  options: TaskRunOptions;
}): Promise<JobResult> {
  const { task, claim, keeper, options } = run;
  const { signal } = keeper;
  const handler = options.handlers[task.kind] as ((job: unknown) => Promise<JobResult>) | undefined;
  if (handler === undefined) throw new StudioError('INTERNAL', `This worker has no handler for ${task.kind}.`);
  return handler({
    task,
    signal,
    save: async (change: Parameters<TaskStore['saveCheckpoint']>[1]) => {
      signal.throwIfAborted();
      const { cancelRequested } = await options.tasks.saveCheckpoint(claim, change);
      // Between two steps nothing is half done: a cancellation need not wait for the next renewal.
      if (cancelRequested) keeper.abort('canceled');
      signal.throwIfAborted();
    },
  });
}

async function endAttempt(end: {
  task: AnyTask;
  claim: TaskClaim;
  keeper: LeaseKeeper;
  error: StudioError;
  options: TaskRunOptions;
}): Promise<TaskRunOutcome> {
  const { task, claim, keeper, options } = end;
  const cause = keeper.cause();
  const error = cause === null ? end.error : toStudioError(keeper.signal.reason);
  options.log.warn(
    { taskId: task.id, kind: task.kind, attempt: task.attempt, code: error.code, reason: error.message },
    'attempt ended',
  );
  try {
    if (cause === 'leaseLost' || error.code === 'LEASE_LOST') return 'leaseLost';
    if (cause === 'shutdown') return await release({ claim, error, delaySeconds: 0, options });
    if (cause === 'canceled') return await settleFailure({ task, claim, error, status: 'canceled', options });
    const isFree = outages.has(error.code) && task.attempt < outageAttemptsMax;
    const mayRetry = isFree || (jobPolicyOf[error.code] === 'retry' && task.attempt < task.attemptsMax);
    if (!mayRetry) return await whileHeld(keeper, () => settleFailure({ task, claim, error, options }));
    const delaySeconds = (options.retryDelaySeconds ?? backOff)(task.attempt);
    return await whileHeld(keeper, () => release({ claim, error, delaySeconds, isFree, options }));
  } catch (failure) {
    if (isStudioError(failure) && failure.code === 'LEASE_LOST') return 'leaseLost';
    throw failure;
  }
}

async function release(end: {
  claim: TaskClaim;
  error: StudioError;
  delaySeconds: number;
  isFree?: boolean;
  options: TaskRunOptions;
}): Promise<'released'> {
  const { delaySeconds, isFree } = end;
  await end.options.tasks.releaseTask(end.claim, {
    ...{ delaySeconds, isFree, error: describe(end.error), stack: stackOf(end.error) },
  });
  return 'released';
}

async function settleFailure(end: {
  task: AnyTask;
  claim: TaskClaim;
  error: StudioError;
  status?: 'canceled';
  options: TaskRunOptions;
}): Promise<'failed' | 'refused' | 'canceled'> {
  const { task, claim, error, options } = end;
  const status = end.status ?? (jobPolicyOf[error.code] === 'refuse' ? 'refused' : 'failed');
  const outcome: TaskOutcome = { status, error: describe(error), stack: stackOf(error) };
  await options.tasks.settleTask(claim, outcome);
  await options.onFailure?.({ taskId: task.id, kind: task.kind, status, error: describe(error) });
  return status;
}

function describe(error: StudioError): { code: ErrorCode; message: string } {
  return { code: error.code, message: error.message.slice(0, 2_000) };
}

/** Where it was thrown first: what has been wrapped tells more than its wrapping. */
function stackOf(error: StudioError): string | undefined {
  return error.cause instanceof Error ? error.cause.stack : error.stack;
}

function backOff(attempt: number): number {
  return Math.min(60, 2 ** attempt);
}
