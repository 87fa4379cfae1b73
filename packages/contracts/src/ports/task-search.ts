import type { KindDepth, TaskCounts, TaskCursor, TaskFilter, TaskSummary } from '../task-search.ts';

/** Finds among very many tasks; every call reads by an index or says that it stopped counting. */
export interface TaskSearch {
  /** Newest first, keyset. */
  findTasks(query: { filter: TaskFilter; before: TaskCursor | null; limit: number }): Promise<TaskSummary[]>;
  countTasks(filter: TaskFilter): Promise<TaskCounts>;
  /** One row per kind, kinds without tasks included. */
  describeQueues(): Promise<KindDepth[]>;
}
