import {
  type AnyTask,
  type Clock,
  jobCatalog,
  newId,
  StudioError,
  type TaskClaim,
  type TaskStatus,
  type TaskStore,
  taskTransitions,
} from '@embedding-studio/contracts';

/** Task documents in this process. Passes the suite of the MongoDB store. */
export function createMemoryTaskStore({ clock }: { clock: Clock }): TaskStore {
  const tasks = new Map<string, AnyTask>();
  const get = (id: string): AnyTask => {
    const task = tasks.get(id);
    if (task === undefined) throw new StudioError('TASK_NOT_FOUND', `There is no task ${id}.`, { field: 'taskId' });
    return task;
  };
  const change = (id: string, fields: Partial<AnyTask>): AnyTask => {
    const changed = { ...get(id), ...fields, updatedAt: clock.now() } as AnyTask;
    tasks.set(id, structuredClone(changed));
    return structuredClone(changed);
  };
  const held = ({ taskId, attempt }: TaskClaim): AnyTask => {
    const task = get(taskId);
    if (task.status !== 'processing' || task.attempt !== attempt)
      throw new StudioError('LEASE_LOST', `Attempt ${attempt} at ${taskId} is over.`);
    return task;
  };
  const inFuture = (seconds: number) => new Date(clock.now().getTime() + seconds * 1_000);
  const isExpired = (task: AnyTask) =>
    task.status === 'processing' && (task.leaseUntil === null || task.leaseUntil.getTime() <= clock.now().getTime());
  const isDue = (task: AnyTask) => task.notBefore === null || task.notBefore.getTime() <= clock.now().getTime();
  const move = (id: string, to: TaskStatus, fields: Partial<AnyTask>): AnyTask => {
    const task = get(id);
    if (!taskTransitions[task.status].includes(to))
      throw new StudioError('TASK_CONFLICT', `Task ${id} is ${task.status} and cannot become ${to}.`);
    return change(id, { ...fields, status: to });
  };
  return {
    async requestTask(request) {
      const known = [...tasks.values()].find(
        (task) => task.idempotencyKey === request.idempotencyKey || task.id === request.id,
      );
      if (known !== undefined) return { task: structuredClone(known), created: false };
      const now = clock.now();
      const task = {
        ...{ id: request.id ?? newId('task'), kind: request.kind, status: 'pending', attempt: 0 },
        ...{ attemptsMax: jobCatalog[request.kind].attemptsMax, leaseUntil: null, dispatchedAt: null },
        ...{ idempotencyKey: request.idempotencyKey, notBefore: request.notBefore ?? null, input: request.input },
        ...{ checkpoint: null, progress: null, result: null, failures: [], error: null, cancelRequested: false },
        ...{ createdAt: now, updatedAt: now },
      } as unknown as AnyTask;
      tasks.set(task.id, structuredClone(task));
      return { task: structuredClone(task), created: true };
    },
    getTask: async (id) => structuredClone(get(id)),
    async listTasks({ kind, status, offset, limit }) {
      const wanted = [...tasks.values()].filter(
        (task) => (kind === undefined || task.kind === kind) && (status === undefined || task.status === status),
      );
      const newestFirst = wanted.sort((left, right) => right.createdAt.getTime() - left.createdAt.getTime());
      return structuredClone(newestFirst.slice(offset, offset + limit));
    },
    async claimTask(id, leaseSeconds) {
      const task = tasks.get(id);
      if (task === undefined || !((task.status === 'pending' && isDue(task)) || isExpired(task))) return null;
      return change(id, { status: 'processing', attempt: task.attempt + 1, leaseUntil: inFuture(leaseSeconds) });
    },
    async renewLease(claim, leaseSeconds) {
      held(claim);
      return { cancelRequested: change(claim.taskId, { leaseUntil: inFuture(leaseSeconds) }).cancelRequested };
    },
    async saveCheckpoint(claim, fields) {
      held(claim);
      change(claim.taskId, structuredClone(fields));
    },
    async settleTask(claim, outcome) {
      held(claim);
      const error = outcome.status === 'done' ? null : outcome.error;
      const result = outcome.status === 'done' ? outcome.result : null;
      const failures = outcome.status === 'done' ? outcome.failures : undefined;
      move(claim.taskId, outcome.status, { error, result, leaseUntil: null, ...(failures && { failures }) });
    },
    async releaseTask(claim, { delaySeconds, error }) {
      held(claim);
      const notBefore = inFuture(delaySeconds);
      move(claim.taskId, 'pending', { notBefore, error, leaseUntil: null, dispatchedAt: null });
    },
    async cancelTask(id) {
      const task = get(id);
      if (task.status === 'processing') return change(id, { cancelRequested: true });
      const error = { code: 'ABORTED', message: 'The task was canceled.' } as const;
      return move(id, 'canceled', { cancelRequested: true, error });
    },
    async restartTask(id) {
      const fresh = { attempt: get(id).attempt, error: null, cancelRequested: false, dispatchedAt: null };
      return move(id, 'pending', { ...fresh, notBefore: null, leaseUntil: null });
    },
    async listUndelivered(limit) {
      const lost = [...tasks.values()].filter(
        (task) => (task.status === 'pending' && task.dispatchedAt === null && isDue(task)) || isExpired(task),
      );
      return structuredClone(lost.slice(0, limit));
    },
    async markDispatched(id) {
      change(id, { dispatchedAt: clock.now() });
    },
  };
}
