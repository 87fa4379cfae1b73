export * from './check-fine-tuning.ts';
export { JobIdInput } from './find-job.ts';
export * from './list-fine-tunings.ts';
export * from './list-gate-queries.ts';
export * from './list-training-log.ts';
export * from './request-fine-tuning.ts';
export type { FineTuningJob } from './show-job.ts';
export * from './stop-fine-tuning.ts';
export * from './watch-fine-tuning.ts';
