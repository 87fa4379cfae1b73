export * from './get-curves.ts';
export * from './get-run.ts';
export * from './list-experiments.ts';
export * from './list-run-columns.ts';
export * from './list-runs.ts';
export * from './update-run.ts';
