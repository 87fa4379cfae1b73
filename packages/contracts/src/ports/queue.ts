import type { TaskKind, TaskPriority } from '../task.ts';

/** Delivers task ids; may lose them all (the sweeper sends them again). `jobId = taskId` removes duplicates. */
export interface QueuePort {
  enqueue(kind: TaskKind, taskId: string, options?: { priority?: TaskPriority }): Promise<void>;
  close(): Promise<void>;
}
