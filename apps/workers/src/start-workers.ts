import { newId, type WorkerRole } from '@embedding-studio/contracts';
import {
  type CoreDeps,
  type Ctx,
  createAutoTraining,
  createDailyRetention,
  createExperimentKeeper,
  createHourlyLearning,
  createIndexWatch,
  createLiveMirror,
  createModelKeeper,
  createQualityWatch,
  failStep,
  reconcileRollouts,
} from '@embedding-studio/core';
import { loadHandlers } from '@embedding-studio/core/jobs';
import { createSweeper, createWorkerHost, type QueueConnection, type WorkerHost } from '@embedding-studio/queue';
import { followSessions } from './follow-sessions.ts';

export interface WorkersOptions {
  deps: CoreDeps;
  connection: QueueConnection;
  roles: readonly WorkerRole[];
  sweepIntervalMs: number;
  /** Instead of each job's own; how soon a dead worker's task is taken over. */
  leaseSeconds?: number;
  redeliverAfterMs?: number;
  version?: string;
}

export interface Workers {
  status: WorkerHost['status'];
  /** Gives running tasks back and ends within about `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

/** Runs the roles' jobs and sweeps. Any number of processes may do so beside each other. */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { deps, connection, roles, leaseSeconds } = options;
  const { tasks, queue, log } = deps;
  const ctx: Ctx = { actor: { kind: 'system', job: 'sweeper' }, requestId: newId('request'), deps };
  const host = createWorkerHost({
    connection,
    roles,
    handlers: await loadHandlers(deps, roles),
    tasks,
    log,
    leaseSeconds,
    workers: deps.workers,
    telemetry: deps.telemetry,
    version: options.version,
    onFailure: ({ taskId, error }) => failStep({ ctx, input: { taskId, error } }),
  });
  const analytics = roles.includes('improvement') ? followSessions(ctx) : null;
  const learnHourly = createHourlyLearning(ctx);
  const keepModels = roles.includes('inference') ? createModelKeeper(ctx) : null;
  const sweepDaily = createDailyRetention(ctx);
  const watchQuality = roles.includes('improvement') ? createQualityWatch(ctx) : null;
  const watchIndex = roles.includes('improvement') ? createIndexWatch(ctx) : null;
  const mirrorLive = roles.includes('improvement') ? createLiveMirror(ctx) : null;
  const trainOnEvidence = roles.includes('improvement') ? createAutoTraining(ctx) : null;
  const keepExperiments = roles.includes('improvement') ? createExperimentKeeper(ctx) : null;
  const sweeper = createSweeper({
    tasks,
    queue,
    log,
    now: () => deps.clock.now(),
    intervalMs: options.sweepIntervalMs,
    redeliverAfterMs: options.redeliverAfterMs,
    reconcile: async () => {
      keepModels?.();
      void watchIndex?.();
      await reconcileRollouts({ ctx });
      await learnHourly();
      await watchQuality?.();
      await sweepDaily();
      await trainOnEvidence?.();
      await mirrorLive?.();
      await keepExperiments?.();
    },
  });
  await host.ready();
  return {
    status: host.status,
    close: async (graceMs) => {
      await Promise.all([sweeper.close(), host.close(graceMs), analytics?.close()]);
    },
  };
}
