/** One metric point; `step` is the x-axis. */
export interface MetricPoint {
  key: string;
  value: number;
  step: number;
  timestamp: Date;
}

export interface TrackedRun {
  runId: string;
  experimentId: string;
  name: string;
  status: 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';
  params: Record<string, string>;
  /** Last value of each metric. */
  metrics: Record<string, number>;
  startedAt: Date;
  endedAt: Date | null;
}

/** MLflow-shaped tracking: experiments, runs, params, metrics with steps, artefacts, registered versions. */
export interface Tracker {
  /** Idempotent on name. */
  createExperiment(name: string): Promise<string>;
  /** Idempotent on (experiment, name): a resumed job finds its run again. */
  createRun(input: { experimentId: string; name: string; params: Record<string, string> }): Promise<string>;
  logMetrics(runId: string, points: readonly MetricPoint[]): Promise<void>;
  logArtefact(runId: string, path: string, bytes: Uint8Array): Promise<void>;
  endRun(runId: string, status: 'FINISHED' | 'FAILED' | 'KILLED'): Promise<void>;
  getRun(runId: string): Promise<TrackedRun>;
  listRuns(page: { experimentId: string; offset: number; limit: number }): Promise<TrackedRun[]>;
  listMetricHistory(runId: string, key: string): Promise<MetricPoint[]>;
  /** Registers a model version under a name; idempotent on (name, modelId). Returns the version number. */
  registerModelVersion(input: { name: string; modelId: string; runId: string | null }): Promise<number>;
}
