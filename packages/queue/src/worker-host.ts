import { randomUUID } from 'node:crypto';
import {
  jobCatalog,
  type Log,
  type RunningTask,
  TaskKind,
  type TaskStore,
  type Telemetry,
  type WorkerRegistry,
  type WorkerRole,
} from '@embedding-studio/contracts';
import { backOff } from './back-off.ts';
import { createQueueDriver, type JobConsumer, type QueueConnection } from './connection.ts';
import { createHeartbeat, type Heartbeat } from './heartbeat.ts';
import type { FailureListener, JobHandlers } from './job-handler.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { logOnce } from './log-once.ts';
import { countMinutes, type MinuteCounts } from './minute-counts.ts';
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
  /** Where the process says that it lives and hears of pauses; without it it does neither. */
  workers?: WorkerRegistry;
  version?: string;
  telemetry?: Telemetry;
  /** Between two beats; and between two looks for pauses. */
  beatMs?: number;
  pausesMs?: number;
}

export interface WorkerHost {
  id: string;
  /** Resolves when every queue is connected. */
  ready(): Promise<void>;
  status(): { running: number; delivered: number; lastDeliveryAt: Date | null };
  /** Takes no new work, aborts what runs so that it is given back, and ends within `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

type Consumers = Map<TaskKind, JobConsumer>;

interface Hosted {
  id: string;
  running: Map<LeaseKeeper, RunningTask>;
  paused: { kinds: ReadonlySet<TaskKind> };
  counts: MinuteCounts;
  delivered: { count: number; lastAt: Date | null };
  /** Settles once it is known what is paused: nothing runs before. */
  hasLooked: Promise<void>;
}

export function createWorkerHost(options: WorkerHostOptions): WorkerHost {
  const hosted: Hosted = {
    ...{ id: `wrk_${randomUUID().replaceAll('-', '')}`, running: new Map(), paused: { kinds: new Set<TaskKind>() } },
    ...{ counts: countMinutes(() => new Date()), delivered: { count: 0, lastAt: null } },
    hasLooked: Promise.resolve(),
  };
  const trouble = logOnce(options.log, 'worker connection');
  const run = deliveryOf(options, { hosted, worked: trouble.worked });
  const consumers = openConsumers(options, run);
  for (const consumer of consumers.values()) consumer.on('error', (error) => trouble.failed(error));
  const endBackOff = backOffAll(options, { hosted, consumers });
  const heartbeat = openHeartbeat(options, hosted, consumers);
  hosted.hasLooked = heartbeat?.start() ?? hosted.hasLooked;
  return {
    id: hosted.id,
    ready: async () => {
      await hosted.hasLooked;
      await Promise.all([...consumers.values()].map((consumer) => consumer.waitUntilReady()));
    },
    status: () => ({
      ...{ running: hosted.running.size, delivered: hosted.delivered.count, lastDeliveryAt: hosted.delivered.lastAt },
    }),
    close: async (graceMs = 10_000) => {
      for (const end of endBackOff) end();
      await closeConsumers({ consumers: [...consumers.values()], running: hosted.running, graceMs });
      await heartbeat?.close();
    },
  };
}

/** Redis waits by itself between two tries. */
function backOffAll(
  { connection }: WorkerHostOptions,
  { hosted, consumers }: { hosted: Hosted; consumers: Consumers },
): (() => void)[] {
  if (connection.postgresUrl === undefined) return [];
  return [...consumers].map(([kind, consumer]) => backOff(consumer, () => !hosted.paused.kinds.has(kind)));
}

function deliveryOf(options: WorkerHostOptions, { hosted, worked }: { hosted: Hosted; worked: () => void }) {
  const runOptions: TaskRunOptions = {
    ...options,
    workerId: hosted.id,
    onStart: (keeper, { id: taskId, kind }) => {
      hosted.running.set(keeper, { taskId, kind, since: new Date() });
      return () => hosted.running.delete(keeper);
    },
  };
  return async (kind: TaskKind, taskId: string): Promise<void> => {
    Object.assign(hosted.delivered, { count: hosted.delivered.count + 1, lastAt: new Date() });
    worked();
    await hosted.hasLooked;
    // Fetched in the moment of the pause: the sweeper sends it again, to where it waits.
    if (hosted.paused.kinds.has(kind)) return;
    const started = performance.now();
    // A delivery that fails outright is forgotten on purpose: the sweeper sends the task again.
    const outcome = await runTask(taskId, runOptions).catch((error) => {
      options.log.warn({ taskId, error: String(error) }, 'delivery failed');
      return null;
    });
    if (outcome !== null) hosted.counts.add({ kind, outcome, busyMs: performance.now() - started });
  };
}

function openConsumers(options: WorkerHostOptions, run: (kind: TaskKind, taskId: string) => Promise<void>): Consumers {
  const driver = createQueueDriver(options.connection);
  const kinds = TaskKind.options.filter((kind) => options.roles.includes(jobCatalog[kind].role));
  const open = (kind: TaskKind): JobConsumer =>
    driver.openConsumer(kind, { concurrency: jobCatalog[kind].concurrency, run: ({ taskId }) => run(kind, taskId) });
  return new Map(kinds.map((kind) => [kind, open(kind)]));
}

function openHeartbeat(options: WorkerHostOptions, hosted: Hosted, consumers: Consumers): Heartbeat | null {
  const { workers, roles, log, beatMs, pausesMs, version = 'unknown' } = options;
  if (workers === undefined) return null;
  return createHeartbeat({
    ...{ workers, log, beatMs, pausesMs, counts: hosted.counts },
    identity: { id: hosted.id, roles, version, startedAt: new Date() },
    running: () => [...hosted.running.values()],
    onPauses: (kinds) => {
      hosted.paused.kinds = kinds;
      for (const [kind, consumer] of consumers) follow(consumer, kinds.has(kind));
    },
  });
}

function follow(consumer: JobConsumer, shouldRest: boolean): void {
  if (consumer.isPaused() === shouldRest) return;
  if (shouldRest) void consumer.pause(true);
  else consumer.resume();
}

async function closeConsumers(closing: {
  consumers: JobConsumer[];
  running: Map<LeaseKeeper, RunningTask>;
  graceMs: number;
}): Promise<void> {
  const { consumers, running, graceMs } = closing;
  const closed = Promise.allSettled(consumers.map((consumer) => consumer.close()));
  for (const keeper of running.keys()) keeper.abort('shutdown');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), graceMs);
  });
  if ((await Promise.race([closed, late])) === 'late') void consumers.map((consumer) => consumer.close(true));
  clearTimeout(timer);
}
