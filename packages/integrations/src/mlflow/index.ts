export type { MlflowSettings } from './mlflow-client.ts';
export { createMlflowTracker } from './mlflow-tracker.ts';
