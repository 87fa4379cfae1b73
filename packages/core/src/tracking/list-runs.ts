import type { TrackedRun } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { ExperimentId } from './list-experiments.ts';
import { fitPage, roundSignificant } from './number-budget.ts';

const Key = z.string().min(1).max(250);

export const RunId = z.string().min(1).max(128);

export const RunFilter = z.object({
  status: z.enum(['RUNNING', 'FINISHED', 'FAILED', 'KILLED']).optional(),
  /** Part of the name. */
  text: z.string().max(200).optional(),
  /** Params that must have exactly these values. */
  params: z.record(Key, z.string().max(2_000)).optional(),
});

export const ListRunsInput = RunFilter.extend({
  experimentId: ExperimentId,
  order: z
    .object({ by: z.enum(['started', 'name', 'metric', 'param']), key: Key.optional(), descending: z.boolean() })
    .refine(({ by, key }) => key !== undefined || by === 'started' || by === 'name', {
      path: ['key'],
      message: 'name the metric or param to order by',
    })
    .optional(),
  /** Params and metrics wanted, each as `params.NAME` or `metrics.NAME`; default: all. */
  columns: z.array(z.string().min(1).max(260)).max(60).optional(),
  after: RunId.nullable().default(null),
  limit: z.number().int().min(1).max(500).default(100),
});
export type ListRunsInput = z.input<typeof ListRunsInput>;

export interface RunRow extends Omit<TrackedRun, 'tags' | 'experimentId'> {
  note: string;
  labels: string[];
}

export interface RunPage {
  runs: RunRow[];
  /** Run to ask for the next page with; null after the last one. */
  next: string | null;
  total: number;
}

export const noteTag = 'mlflow.note.content';
const labelPrefix = 'label.';
const shownTextMax = 200;

/** Runs of one experiment; a page that would grow too large ends early and names where to go on. */
export async function listRuns({ ctx, input }: { ctx: Ctx; input: ListRunsInput }): Promise<RunPage> {
  authorise(ctx, 'model.read');
  const { columns, ...search } = parseInput(ListRunsInput, input);
  const { runs, total } = await ctx.deps.tracker.searchRuns(search);
  const rows = fitPage(runs.map((run) => showRun(run, columns)));
  const isLast = rows.length === runs.length && runs.length < search.limit;
  return { runs: rows, total, next: isLast ? null : (rows.at(-1)?.runId ?? null) };
}

export function showRun({ tags, experimentId: _experiment, ...run }: TrackedRun, columns?: readonly string[]): RunRow {
  const isWanted = (kind: string) =>
    columns === undefined ? () => true : (key: string) => columns.includes(`${kind}.${key}`);
  const isParam = isWanted('params');
  const isMetric = isWanted('metrics');
  const params = Object.entries(run.params).filter(([key]) => isParam(key));
  const metrics = Object.entries(run.metrics).filter(([key]) => isMetric(key));
  return {
    ...run,
    params: Object.fromEntries(params.map(([key, value]) => [key, value.slice(0, shownTextMax)])),
    metrics: Object.fromEntries(metrics.map(([key, value]) => [key, roundSignificant(value)])),
    note: (tags[noteTag] ?? '').slice(0, columns === undefined ? undefined : shownTextMax),
    labels: labelsOf(tags),
  };
}

export function labelsOf(tags: Record<string, string>): string[] {
  return Object.keys(tags)
    .filter((key) => key.startsWith(labelPrefix))
    .map((key) => key.slice(labelPrefix.length))
    .sort();
}

export const labelTag = (label: string): string => `${labelPrefix}${label}`;
