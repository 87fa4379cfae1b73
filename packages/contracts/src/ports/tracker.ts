/** One metric point; `step` is the x-axis. */
export interface MetricPoint {
  key: string;
  value: number;
  step: number;
  timestamp: Date;
}

export type RunStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

export interface TrackedExperiment {
  experimentId: string;
  name: string;
  tags: Record<string, string>;
  createdAt: Date;
}

export interface TrackedRun {
  runId: string;
  experimentId: string;
  name: string;
  /** The run that it is a part of, e.g. the search of a trial; null: none. MLflow's tag `mlflow.parentRunId`. */
  parentRunId: string | null;
  status: RunStatus;
  params: Record<string, string>;
  /** Change during and after the run; notes are the tag `mlflow.note.content`. */
  tags: Record<string, string>;
  /** Last value of each metric. */
  metrics: Record<string, number>;
  startedAt: Date;
  endedAt: Date | null;
}

/** All points of one metric of one run as columns, ordered by step. */
export interface MetricSeries {
  runId: string;
  key: string;
  steps: Float64Array;
  values: Float64Array;
  /** Milliseconds since 1970. */
  times: Float64Array;
}

/** One version of a registered model. */
export interface ModelVersion {
  version: number;
  modelId: string;
  runId: string | null;
  /** Sorted. */
  aliases: string[];
}

export interface RunOrder {
  by: 'started' | 'name' | 'metric' | 'param';
  /** Of the metric or param; runs without it come last. */
  key?: string;
  descending: boolean;
}

export interface RunSearch {
  experimentId: string;
  status?: RunStatus;
  /** Part of the name, case ignored. */
  text?: string;
  /** All of these params have exactly these values. */
  params?: Readonly<Record<string, string>>;
  /** Only parts of this run. */
  parentRunId?: string;
  /** Default: newest first. */
  order?: RunOrder;
  /** Run that ended the page before; null: from the first on. */
  after: string | null;
  limit: number;
}

/** MLflow-shaped tracking: experiments, runs, params, tags, metrics with steps, artefacts, registered versions. */
export interface Tracker {
  /** Idempotent on name. */
  createExperiment(name: string): Promise<string>;
  /** Newest first; `after`: the experiment that ended the page before. */
  listExperiments(page: { after: string | null; limit: number }): Promise<TrackedExperiment[]>;
  /** @throws StudioError INPUT_INVALID for an unknown one. */
  getExperiment(experimentId: string): Promise<TrackedExperiment>;
  /** null takes the tag away. */
  setExperimentTag(experimentId: string, tag: { key: string; value: string | null }): Promise<void>;
  /** Idempotent on (experiment, name): a resumed job finds its run again, and it runs again. */
  createRun(input: {
    experimentId: string;
    name: string;
    params: Record<string, string>;
    parentRunId?: string;
  }): Promise<string>;
  setRunTag(runId: string, tag: { key: string; value: string | null }): Promise<void>;
  logMetrics(runId: string, points: readonly MetricPoint[]): Promise<void>;
  logArtefact(runId: string, path: string, bytes: Uint8Array): Promise<void>;
  listArtefacts(runId: string): Promise<{ path: string; bytes: number }[]>;
  /** null when the run has none at that path. */
  findArtefact(runId: string, path: string): Promise<Uint8Array | null>;
  endRun(runId: string, status: 'FINISHED' | 'FAILED' | 'KILLED'): Promise<void>;
  getRun(runId: string): Promise<TrackedRun>;
  /** In the order of `runIds`; unknown ones are left out. */
  findRuns(runIds: readonly string[]): Promise<TrackedRun[]>;
  /** Newest first. */
  listRuns(page: { experimentId: string; offset: number; limit: number }): Promise<TrackedRun[]>;
  searchRuns(search: RunSearch): Promise<{ runs: TrackedRun[]; total: number }>;
  listMetricHistory(runId: string, key: string): Promise<MetricPoint[]>;
  /** Series that have points, for every run and key asked for; `afterStep`: only later points. */
  listSeries(request: {
    runIds: readonly string[];
    keys: readonly string[];
    afterStep?: number;
  }): Promise<MetricSeries[]>;
  /** Registers a model version under a name; idempotent on (name, modelId). Returns the version number. */
  registerModelVersion(input: { name: string; modelId: string; runId: string | null }): Promise<number>;
  /** Points an alias of a name at one of its versions, or (null) takes it away; an alias has one version at most. */
  setModelAlias(input: { name: string; alias: string; modelId: string | null }): Promise<void>;
  /** By version. Empty for an unknown name. */
  listModelVersions(name: string): Promise<ModelVersion[]>;
}
