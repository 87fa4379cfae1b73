import { StudioError, type TaskKind } from '@embedding-studio/contracts';
import { createPostgresBackend, Queue, Worker } from 'bullmq';

/** Redis in production; BullMQ's tables in Postgres where no Redis can be had. Exactly one of the two. */
export type QueueConnection =
  | { redisUrl: string; postgresUrl?: undefined /** Namespace of the keys. */; prefix?: string }
  | { postgresUrl: string; redisUrl?: undefined /** Namespace of the tables' queues. */; prefix?: string };

/** All that a job carries: the task document decides. */
export interface JobPayload {
  taskId: string;
}

export interface StoredJob {
  getState(): Promise<string>;
  remove(): Promise<void>;
}

export interface JobProducer {
  add(name: string, payload: JobPayload, options: { jobId: string; priority: number }): Promise<unknown>;
  getJob(jobId: string): Promise<StoredJob | undefined>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface JobConsumer {
  close(force?: boolean): Promise<void>;
  waitUntilReady(): Promise<unknown>;
  /** Starts nothing new from here on; with `true` it does not wait for what runs. */
  pause(doNotWaitActive?: boolean): Promise<void>;
  resume(): void;
  isPaused(): boolean;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface QueueDriver {
  openProducer(kind: TaskKind): JobProducer;
  openConsumer(kind: TaskKind, options: ConsumerOptions): JobConsumer;
}

export interface ConsumerOptions {
  concurrency: number;
  run: (payload: JobPayload) => Promise<void>;
}

const defaultPrefix = 'studio';
/** A dead worker's job leaves the queue after this long; the sweeper then delivers its task again. */
const lockMs = 15_000;
const kept = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const;
const consumerTimes = { lockDuration: lockMs, stalledInterval: lockMs, maxStalledCount: 0, runRetryDelay: 1_000 };

export function createQueueDriver(connection: QueueConnection): QueueDriver {
  if (connection.redisUrl !== undefined) return redisDriver(connection.redisUrl, connection.prefix ?? defaultPrefix);
  return postgresDriver(connection.postgresUrl, connection.prefix ?? defaultPrefix);
}

function redisDriver(url: string, prefix: string): QueueDriver {
  const target = redisTarget(url);
  const producing = { ...target, maxRetriesPerRequest: 1, enableOfflineQueue: false, connectTimeout: 2_000 };
  const consuming = { ...target, maxRetriesPerRequest: null, connectTimeout: 2_000, retryStrategy: retryDelayMs };
  return {
    openProducer: (kind) =>
      new Queue<JobPayload>(kind, {
        connection: { ...producing, retryStrategy: retryDelayMs },
        prefix,
        defaultJobOptions: kept,
      }),
    openConsumer: (kind, { concurrency, run }) =>
      new Worker<JobPayload>(kind, async (job) => run(job.data), {
        connection: consuming,
        prefix,
        concurrency,
        ...consumerTimes,
      }),
  };
}

function postgresDriver(connectionString: string, prefix: string): QueueDriver {
  const connection = { connectionString, migrate: true, max: 2, connectionTimeoutMillis: 5_000 };
  return {
    openProducer: (kind) =>
      new Queue(`${prefix}-${kind}`, { connection, defaultJobOptions: kept }, createPostgresBackend),
    openConsumer: (kind, { concurrency, run }) =>
      new Worker(
        `${prefix}-${kind}`,
        async (job: { data: JobPayload }) => run(job.data),
        { connection, concurrency, ...consumerTimes },
        createPostgresBackend,
      ),
  };
}

export function redisTarget(url: string) {
  if (!URL.canParse(url)) throw new StudioError('SETTINGS_INVALID', 'REDIS_URL is not a URL.', { field: 'REDIS_URL' });
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname,
    port: port === '' ? 6379 : Number(port),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(pathname.length > 1 ? { db: Number(pathname.slice(1)) } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

export function retryDelayMs(attempt: number): number {
  return Math.min(2_000, 50 * 2 ** Math.min(attempt, 6));
}
