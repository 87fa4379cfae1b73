import type { ErrorCode } from '../error-code.ts';
import type { ItemFailure } from '../item.ts';
import type { Rollout, RolloutState } from '../rollout.ts';
import type { AnyTask, TaskInputs, TaskKind, TaskPriority, TaskProgress, TaskStatus } from '../task.ts';

export interface TaskPage {
  kind?: TaskKind;
  status?: TaskStatus;
  offset: number;
  limit: number;
}

export interface TaskRequest<K extends TaskKind> {
  kind: K;
  /** Client-chosen or generated. */
  id?: string;
  /** Same key → the same task is returned, never a second one. */
  idempotencyKey: string;
  input: TaskInputs[K];
  notBefore?: Date;
  /** Default: normal. */
  priority?: TaskPriority;
}

/** A worker's hold on a task. Every write names the attempt; a stale one throws LEASE_LOST and changes nothing. */
export interface TaskClaim {
  taskId: string;
  attempt: number;
  /** Told to the history of attempts. */
  startedAt?: Date | null;
  workerId?: string | null;
}

/** Task documents (MongoDB). */
export interface TaskStore {
  requestTask<K extends TaskKind>(request: TaskRequest<K>): Promise<{ task: AnyTask; created: boolean }>;
  getTask(id: string): Promise<AnyTask>;
  listTasks(page: TaskPage): Promise<AnyTask[]>;
  /** Compare-and-swap pending|expired → processing, attempt + 1. null when somebody else holds it or it is settled. */
  claimTask(id: string, leaseSeconds: number, workerId?: string): Promise<AnyTask | null>;
  renewLease(claim: TaskClaim, leaseSeconds: number): Promise<{ cancelRequested: boolean }>;
  saveCheckpoint(
    claim: TaskClaim,
    change: { checkpoint?: Record<string, unknown>; progress?: TaskProgress; failures?: ItemFailure[] },
  ): Promise<{ cancelRequested: boolean }>;
  settleTask(claim: TaskClaim, outcome: TaskOutcome): Promise<void>;
  /** Gives a task back for another attempt after `delaySeconds`; `isFree`: this one does not count against it. */
  releaseTask(
    claim: TaskClaim,
    options: { delaySeconds: number; error: { code: ErrorCode; message: string }; stack?: string; isFree?: boolean },
  ): Promise<void>;
  cancelTask(id: string): Promise<AnyTask>;
  restartTask(id: string): Promise<AnyTask>;
  /** Most items per second of a task, whatever its state; see Task.itemsPerSecond. */
  updateRate(id: string, itemsPerSecond: number | null): Promise<AnyTask>;
  /** As an operator set it; undefined: nobody has. Cheap enough to be asked every second. */
  findRate(id: string): Promise<number | null | undefined>;
  /** What the sweeper must (re)enqueue: never dispatched, or processing with an expired lease, and due. */
  listUndelivered(limit: number): Promise<AnyTask[]>;
  markDispatched(id: string): Promise<void>;
  /** Tasks that ended before then, keyset by id; without their inputs, which may be large. */
  listEnded(page: { before: Date; after: string | null; limit: number }): Promise<Pick<AnyTask, 'id' | 'kind'>[]>;
  /** Of the given tasks those that still have ended before then; how many. */
  deleteEnded(ids: readonly string[], before: Date): Promise<number>;
}

export type TaskOutcome =
  | { status: 'done'; result: Record<string, unknown>; failures?: ItemFailure[] }
  | { status: 'failed' | 'refused' | 'canceled'; error: { code: ErrorCode; message: string }; stack?: string };

/** Place of a rollout in the order of `findRollouts`. */
export interface RolloutCursor {
  createdAt: Date;
  id: string;
}

/** Rollout documents (MongoDB). */
export interface RolloutStore {
  createRollout(
    rollout: Omit<Rollout, 'createdAt' | 'updatedAt' | 'transitions'>,
  ): Promise<{ rollout: Rollout; created: boolean }>;
  getRollout(id: string): Promise<Rollout>;
  listRollouts(page: { offset: number; limit: number; state?: RolloutState }): Promise<Rollout[]>;
  /** Keyset, newest first. */
  findRollouts(query: {
    states?: readonly RolloutState[];
    modelId?: string;
    before: RolloutCursor | null;
    limit: number;
  }): Promise<Rollout[]>;
  findRolloutByCollection(collectionId: string): Promise<Rollout | null>;
  /** Compare-and-swap along the transition table. Already in `to` → returned unchanged (a duplicate delivery). */
  advanceRollout(move: {
    id: string;
    from: RolloutState;
    to: RolloutState;
    actor: string;
    reason: string;
    change?: Partial<Rollout>;
  }): Promise<Rollout>;
  /** Fills fields without moving the state, only while it is still `state`. */
  updateRollout(id: string, state: RolloutState, change: Partial<Rollout>): Promise<Rollout>;
}
