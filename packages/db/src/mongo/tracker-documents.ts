import type { TrackedExperiment, TrackedRun } from '@embedding-studio/contracts';
import type { Binary, Collection } from 'mongodb';

export interface ExperimentDocument extends Pick<TrackedExperiment, 'name' | 'createdAt'> {
  _id: string;
  tagsJson?: string;
}

export interface RunDocument extends Omit<TrackedRun, 'runId' | 'params' | 'metrics' | 'tags' | 'parentRunId'> {
  _id: string;
  parentRunId?: string;
  paramsJson: string;
  tagsJson?: string;
  /** Grows from run to run also within a millisecond. */
  order: string;
}

/** Points of one metric of one run, within one range of steps: a chart reads hundreds of runs at once. */
export interface ChunkDocument {
  _id: string;
  runId: string;
  key: string;
  chunk: number;
  /** Steps, values and times after one another, float64 each, ordered by step. */
  columns: Binary;
  /** Compare-and-swap: a writer replaces only what it has read. */
  version: number;
}

export interface LatestDocument {
  _id: string;
  runId: string;
  key: string;
  value: number;
  step: number;
}

export interface VersionDocument {
  _id: string;
  name: string;
  modelId: string;
  runId: string | null;
  version: number;
  createdAt: Date;
}

export interface AliasDocument {
  _id: string;
  name: string;
  alias: string;
  modelId: string;
}

export interface TrackerParts {
  experiments: Collection<ExperimentDocument>;
  runs: Collection<RunDocument>;
  chunks: Collection<ChunkDocument>;
  latest: Collection<LatestDocument>;
  versions: Collection<VersionDocument>;
  aliases: Collection<AliasDocument>;
  now: () => Date;
}

export async function createTrackerIndexes(parts: TrackerParts): Promise<void> {
  const { experiments, runs, chunks, latest, versions } = parts;
  await experiments.createIndex({ name: 1 }, { unique: true });
  await runs.createIndex({ experimentId: 1, name: 1 }, { unique: true });
  await chunks.createIndex({ runId: 1, key: 1, chunk: 1 }, { unique: true });
  await latest.createIndex({ runId: 1, key: 1 }, { unique: true });
  await versions.createIndex({ name: 1, modelId: 1 }, { unique: true });
  await versions.createIndex({ name: 1, version: 1 }, { unique: true });
}
