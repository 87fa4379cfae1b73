export * from './assign-arm.ts';
export { type ExperimentIdInput, ExperimentIdInput as ExperimentIdSchema } from './change-experiment.ts';
export { comparableMetrics } from './check-definition.ts';
export * from './create-experiment.ts';
export * from './decide/index.ts';

export * from './experiment-policy.ts';
export * from './find-experiments.ts';
export * from './readout/index.ts';
export * from './start-experiment.ts';
export * from './stop-experiment.ts';
export * from './update-experiment.ts';
