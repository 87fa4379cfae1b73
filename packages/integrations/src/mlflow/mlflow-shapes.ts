import type { RunStatus, TrackedExperiment, TrackedRun } from '@embedding-studio/contracts';
import { z } from 'zod';
import { fromMlflowKey } from './metric-keys.ts';

/** Lists that are empty are left out of answers. */
const list = <T extends z.ZodType>(entry: T) => z.array(entry).default([]);
const Pair = z.object({ key: z.string(), value: z.string().default('') });
const Metric = z.object({
  key: z.string(),
  value: z.coerce.number().catch(Number.NaN),
  timestamp: z.coerce.number(),
  step: z.coerce.number().default(0),
});

const Experiment = z.object({
  experiment_id: z.string(),
  name: z.string(),
  creation_time: z.coerce.number().default(0),
  tags: list(Pair),
});

const Run = z.object({
  info: z.object({
    run_id: z.string(),
    run_name: z.string().default(''),
    experiment_id: z.string(),
    status: z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']),
    start_time: z.coerce.number(),
    end_time: z.coerce.number().nullish(),
    artifact_uri: z.string().default(''),
  }),
  data: z
    .object({ metrics: list(Metric), params: list(Pair), tags: list(Pair) })
    .default({ metrics: [], params: [], tags: [] }),
});

const token = z.string().default('');

export const OneExperiment = z.object({ experiment: Experiment });
export const ManyExperiments = z.object({ experiments: list(Experiment), next_page_token: token });
export const MadeExperiment = z.object({ experiment_id: z.string() });
export const OneRun = z.object({ run: Run });
export const ManyRuns = z.object({ runs: list(Run), next_page_token: token });
export const ManyMetrics = z.object({ metrics: list(Metric), next_page_token: token });
export const ManyFiles = z.object({
  root_uri: z.string().default(''),
  files: list(
    z.object({ path: z.string(), is_dir: z.boolean().default(false), file_size: z.coerce.number().default(0) }),
  ),
});
const Version = z.object({
  version: z.coerce.number(),
  creation_timestamp: z.coerce.number(),
  run_id: z.string().default(''),
  tags: list(Pair),
});
const Alias = z.object({ alias: z.string(), version: z.coerce.number() });
export const OneVersion = z.object({ model_version: Version });
export const OneModel = z.object({ registered_model: z.object({ aliases: list(Alias) }) });
export const ManyVersions = z.object({ model_versions: list(Version), next_page_token: token });

export type MlflowRun = z.infer<typeof Run>;
export type MlflowMetric = z.infer<typeof Metric>;
export type MlflowVersion = z.infer<typeof Version>;

/** Names a run or a version as ours; not shown among its tags. */
export const keyTag = 'studio.key';
/** MLflow's own: shows a run below another. */
export const parentTag = 'mlflow.parentRunId';
const hidden = (key: string): boolean => key === keyTag || (key.startsWith('mlflow.') && key !== 'mlflow.note.content');

const toRecord = (pairs: readonly { key: string; value: string }[]) =>
  Object.fromEntries(pairs.map(({ key, value }) => [fromMlflowKey(key), value]));
const shownTags = (pairs: readonly { key: string; value: string }[]) =>
  Object.fromEntries(pairs.filter(({ key, value }) => !hidden(key) && value !== '').map((tag) => [tag.key, tag.value]));

export function toExperiment(found: z.infer<typeof Experiment>): TrackedExperiment {
  const { experiment_id: experimentId, name, creation_time: created, tags } = found;
  return { experimentId, name, tags: shownTags(tags), createdAt: new Date(created) };
}

export function toRun({ info, data }: MlflowRun): TrackedRun {
  // A run that was taken up again keeps the end that it had.
  const status: RunStatus = info.status === 'SCHEDULED' ? 'RUNNING' : info.status;
  return {
    runId: info.run_id,
    experimentId: info.experiment_id,
    name: info.run_name,
    parentRunId: data.tags.find(({ key }) => key === parentTag)?.value || null,
    status,
    params: toRecord(data.params),
    tags: shownTags(data.tags),
    metrics: Object.fromEntries(data.metrics.map(({ key, value }) => [fromMlflowKey(key), value])),
    startedAt: new Date(info.start_time),
    endedAt: status === 'RUNNING' || !info.end_time ? null : new Date(info.end_time),
  };
}
