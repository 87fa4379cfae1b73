import type { TaskKind } from '../task.ts';

/** Delivers task ids; may lose them all (the sweeper sends them again). `jobId = taskId` removes duplicates. */
export interface QueuePort {
  enqueue(kind: TaskKind, taskId: string, options?: { delaySeconds?: number }): Promise<void>;
  close(): Promise<void>;
}
