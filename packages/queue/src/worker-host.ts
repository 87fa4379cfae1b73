import { jobCatalog, type Log, TaskKind, type TaskStore, type WorkerRole } from '@embedding-studio/contracts';
import { createQueueDriver, type JobConsumer, type QueueConnection } from './connection.ts';
import type { FailureListener, JobHandlers } from './job-handler.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { logOnce } from './log-once.ts';
import { runTask, type TaskRunOptions } from './run-task.ts';

export interface WorkerHostOptions {
  connection: QueueConnection;
  roles: readonly WorkerRole[];
  /** One for every kind that the roles run. */
  handlers: JobHandlers;
  tasks: TaskStore;
  log: Log;
  onFailure?: FailureListener;
  leaseSeconds?: number;
  retryDelaySeconds?: (attempt: number) => number;
}

export interface WorkerHost {
  /** Resolves when every queue is connected. */
  ready(): Promise<void>;
  status(): { running: number; delivered: number; lastDeliveryAt: Date | null };
  /** Takes no new work, aborts what runs so that it is given back, and ends within `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

export function createWorkerHost(options: WorkerHostOptions): WorkerHost {
  const running = new Set<LeaseKeeper>();
  const counts = { delivered: 0, lastDeliveryAt: null as Date | null };
  const trouble = logOnce(options.log, 'worker connection');
  const runOptions: TaskRunOptions = {
    ...options,
    onStart: (keeper) => {
      running.add(keeper);
      return () => running.delete(keeper);
    },
  };
  const run = async ({ taskId }: { taskId: string }): Promise<void> => {
    counts.delivered += 1;
    counts.lastDeliveryAt = new Date();
    trouble.worked();
    // A delivery that fails outright is forgotten on purpose: the sweeper sends the task again.
    await runTask(taskId, runOptions).catch((error) =>
      options.log.warn({ taskId, error: String(error) }, 'delivery failed'),
    );
  };
  const consumers = openConsumers(options, run);
  for (const consumer of consumers) consumer.on('error', (error) => trouble.failed(error));
  return {
    ready: async () => void (await Promise.all(consumers.map((consumer) => consumer.waitUntilReady()))),
    status: () => ({ running: running.size, ...counts }),
    close: (graceMs = 10_000) => closeConsumers({ consumers, running, graceMs }),
  };
}

function openConsumers(options: WorkerHostOptions, run: (payload: { taskId: string }) => Promise<void>): JobConsumer[] {
  const driver = createQueueDriver(options.connection);
  const kinds = TaskKind.options.filter((kind) => options.roles.includes(jobCatalog[kind].role));
  return kinds.map((kind) => driver.openConsumer(kind, { concurrency: jobCatalog[kind].concurrency, run }));
}

async function closeConsumers(closing: {
  consumers: JobConsumer[];
  running: Set<LeaseKeeper>;
  graceMs: number;
}): Promise<void> {
  const { consumers, running, graceMs } = closing;
  const closed = Promise.allSettled(consumers.map((consumer) => consumer.close()));
  for (const keeper of running) keeper.abort('shutdown');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), graceMs);
  });
  if ((await Promise.race([closed, late])) === 'late') void consumers.map((consumer) => consumer.close(true));
  clearTimeout(timer);
}
