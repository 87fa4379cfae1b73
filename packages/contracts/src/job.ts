import type { TaskKind } from './task.ts';

/** Which worker role runs a job, and how. Payloads are task ids only: the document decides. */
export interface JobDefinition {
  role: 'fine-tuning' | 'inference' | 'improvement' | 'upsertion';
  /** Tasks of this kind run at most this many at once per worker process. */
  concurrency: number;
  attemptsMax: number;
  leaseSeconds: number;
}

export const jobCatalog: Record<TaskKind, JobDefinition> = {
  deletion: { role: 'upsertion', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  data_source_sync: { role: 'upsertion', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  upsertion: { role: 'upsertion', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  fine_tuning: { role: 'fine-tuning', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  evaluation: { role: 'improvement', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  deployment: { role: 'inference', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  reindex: { role: 'upsertion', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  verification: { role: 'improvement', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  switch: { role: 'improvement', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  ranking_fit: { role: 'improvement', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  suggestion_learning: { role: 'improvement', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  category_fit: { role: 'improvement', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  model_deployment: { role: 'inference', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  model_deletion: { role: 'inference', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  improvement: { role: 'improvement', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  retention: { role: 'improvement', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  task_bulk: { role: 'improvement', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  projection: { role: 'improvement', concurrency: 1, attemptsMax: 3, leaseSeconds: 120 },
  golden_evaluation: { role: 'improvement', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
  retirement: { role: 'inference', concurrency: 1, attemptsMax: 5, leaseSeconds: 60 },
};

export type WorkerRole = JobDefinition['role'];
export const workerRoles: readonly WorkerRole[] = ['fine-tuning', 'inference', 'improvement', 'upsertion'];
