export type { QueueConnection } from './connection.ts';
export { createQueue } from './create-queue.ts';
export { createRateLimiter } from './create-rate-limiter.ts';
export type {
  CheckpointChange,
  FailureListener,
  HostedJob,
  JobHandler,
  JobHandlers,
  JobResult,
} from './job-handler.ts';
export { runTask, type TaskRunOptions, type TaskRunOutcome } from './run-task.ts';
export { createSweeper, type Sweeper, type SweeperOptions } from './sweeper.ts';
export { createWorkerHost, type WorkerHost, type WorkerHostOptions } from './worker-host.ts';
