import type { ItemFailure, Task, TaskKind, TaskProgress } from '@embedding-studio/contracts';

/** What a job's verb gets from its host: the claimed task and a fenced way to remember how far it came. */
export interface JobRun<K extends TaskKind> {
  task: Task<K>;
  save(change: {
    checkpoint?: Record<string, unknown>;
    progress?: TaskProgress;
    failures?: ItemFailure[];
  }): Promise<void>;
}

export interface JobResult {
  result: Record<string, unknown>;
  failures?: ItemFailure[];
}

/** Progress with an estimate from the pace so far. */
export function progressOf(input: { done: number; total: number; note: string; secondsSoFar: number }): TaskProgress {
  const { done, total, note, secondsSoFar } = input;
  const secondsLeft = done === 0 ? null : Math.round((secondsSoFar / done) * (total - done));
  return { done, total, note, secondsLeft };
}
