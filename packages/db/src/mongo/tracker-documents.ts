import type { MetricPoint, TrackedRun } from '@embedding-studio/contracts';
import type { Collection } from 'mongodb';

export interface ExperimentDocument {
  _id: string;
  name: string;
  createdAt: Date;
}

export interface RunDocument extends Omit<TrackedRun, 'runId' | 'params' | 'metrics'> {
  _id: string;
  paramsJson: string;
  /** Grows from run to run also within a millisecond. */
  order: string;
}

export interface PointDocument extends MetricPoint {
  _id: string;
  runId: string;
}

export interface VersionDocument {
  _id: string;
  name: string;
  modelId: string;
  runId: string | null;
  version: number;
  createdAt: Date;
}

export interface TrackerParts {
  experiments: Collection<ExperimentDocument>;
  runs: Collection<RunDocument>;
  points: Collection<PointDocument>;
  versions: Collection<VersionDocument>;
  now: () => Date;
}

export async function createTrackerIndexes({ experiments, runs, points, versions }: TrackerParts): Promise<void> {
  await experiments.createIndex({ name: 1 }, { unique: true });
  await runs.createIndex({ experimentId: 1, name: 1 }, { unique: true });
  await points.createIndex({ runId: 1, key: 1, step: 1 }, { unique: true });
  await versions.createIndex({ name: 1, modelId: 1 }, { unique: true });
  await versions.createIndex({ name: 1, version: 1 }, { unique: true });
}
