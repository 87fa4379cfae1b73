import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { ExperimentId } from './list-experiments.ts';

export const ListRunColumnsInput = z.object({ experimentId: ExperimentId });
export type ListRunColumnsInput = z.input<typeof ListRunColumnsInput>;

export interface RunColumns {
  /** Runs looked at: the newest. */
  runs: number;
  params: { key: string; runs: number; distinct: number; isNumeric: boolean; values: string[] }[];
  metrics: { key: string; runs: number; least: number; most: number }[];
}

const runsMax = 1_000;
const valuesMax = 20;
const columnsMax = 200;

/** What the runs of an experiment can be shown, sorted, grouped and filtered by. */
export async function listRunColumns({ ctx, input }: { ctx: Ctx; input: ListRunColumnsInput }): Promise<RunColumns> {
  authorise(ctx, 'model.read');
  const { experimentId } = parseInput(ListRunColumnsInput, input);
  await ctx.deps.tracker.getExperiment(experimentId);
  const { runs } = await ctx.deps.tracker.searchRuns({ experimentId, after: null, limit: runsMax });
  return {
    runs: runs.length,
    params: collect(runs.map(({ params }) => params)).map(([key, values]) => describeParam(key, values)),
    metrics: collect(runs.map(({ metrics }) => metrics)).map(([key, values]) => describeMetric(key, values)),
  };
}

function collect<V>(records: readonly Record<string, V>[]): [string, V[]][] {
  const byKey = new Map<string, V[]>();
  for (const record of records)
    for (const [key, value] of Object.entries(record)) {
      const values = byKey.get(key) ?? [];
      byKey.set(key, values);
      values.push(value);
    }
  return [...byKey].sort(([left], [right]) => (left < right ? -1 : 1)).slice(0, columnsMax);
}

function describeParam(key: string, texts: readonly string[]): RunColumns['params'][number] {
  const distinct = [...new Set(texts)];
  const isNumeric = distinct.every((text) => text.trim() !== '' && Number.isFinite(Number(text)));
  distinct.sort((left, right) => (isNumeric ? Number(left) - Number(right) : left < right ? -1 : 1));
  const values = distinct.slice(0, valuesMax).map((text) => text.slice(0, 60));
  return { key, runs: texts.length, distinct: distinct.length, isNumeric, values };
}

function describeMetric(key: string, values: readonly number[]): RunColumns['metrics'][number] {
  const finite = values.filter(Number.isFinite);
  return { key, runs: values.length, least: Math.min(...finite), most: Math.max(...finite) };
}
