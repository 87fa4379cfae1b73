import { type AnyTask, workerRoles } from '@embedding-studio/contracts';
import type { CoreDeps, Ctx } from '@embedding-studio/core';
import { failStep, reconcileRollouts } from '@embedding-studio/core';
import { loadHandlers } from '@embedding-studio/core/jobs';
import { runTask } from '@embedding-studio/queue';

export interface DrainOptions {
  /** Stops before a task for which this says so. */
  until?: (task: AnyTask) => boolean;
  roundsMax?: number;
}

/** Does by itself what queue and workers do together: runs every due task until none is left, in a fixed order. */
export async function drainTasks(deps: CoreDeps, { until, roundsMax = 100 }: DrainOptions = {}): Promise<void> {
  const ctx: Ctx = { actor: { kind: 'system', job: 'drain' }, requestId: 'drain', deps };
  const handlers = await loadHandlers(deps, workerRoles);
  for (let round = 0; round < roundsMax; round++) {
    await reconcileRollouts({ ctx });
    const due = await listDue(deps);
    if (due.length === 0) return;
    for (const task of due) {
      if (until?.(task)) return;
      await runTask(task.id, {
        ...{ tasks: deps.tasks, handlers, log: deps.log, retryDelaySeconds: () => 0 },
        onFailure: ({ taskId, error }) => failStep({ ctx, input: { taskId, error } }),
      });
    }
  }
  throw new Error(`Tasks are still due after ${roundsMax} rounds.`);
}

/** Also what the queue has been told and would deliver. */
async function listDue(deps: CoreDeps): Promise<AnyTask[]> {
  const now = deps.clock.now().getTime();
  const pending = await deps.tasks.listTasks({ status: 'pending', offset: 0, limit: 100 });
  const waiting = pending.filter(({ notBefore }) => notBefore === null || notBefore.getTime() <= now);
  const lost = await deps.tasks.listUndelivered(100);
  return [...new Map([...waiting, ...lost].map((task) => [task.id, task])).values()];
}
