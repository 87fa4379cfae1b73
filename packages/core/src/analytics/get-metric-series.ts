import { type MetricDefinition, type MetricId, metrics, type SliceSums } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { type Counted, computeMetric } from './compute-metrics.ts';
import { searchesOf, sumSlices } from './fold-facts.ts';
import { createBucketCounter } from './get-metrics.ts';
import { PeriodInput, type PlacedPeriod, placePeriod, stepsOf } from './place-period.ts';
import { queryOf } from './session-facts.ts';
import { listSliced, SliceBy, type SlicedBucket } from './slice-buckets.ts';

const metricIds = metrics.map(({ id }) => id) as [MetricId, ...MetricId[]];

export const GetMetricSeriesInput = PeriodInput.extend({
  metric: z.enum(metricIds),
  by: SliceBy.nullable().default(null),
  /** Only searches for this, whatever its case and punctuation; not together with `by`. */
  query: z.string().min(1).max(200).nullable().default(null),
  /** So many slices at most, the most frequent. */
  limit: z.number().int().min(1).max(20).default(6),
}).refine(({ by, query }) => by === null || query === null, {
  path: ['query'],
  message: 'give a query or `by`, not both',
});
export type GetMetricSeriesInput = z.input<typeof GetMetricSeriesInput>;

export interface MetricLine {
  /** null: nothing to divide by, or not counted by slice (users, coverage). */
  value: number | null;
  /** Of the period before. */
  previous: number | null;
  /** By hour (24 h) or by day, oldest first. */
  points: (number | null)[];
  /** The same of the period before. */
  past: (number | null)[];
}

export interface SliceLine extends MetricLine {
  slice: string;
  searches: number;
}

export interface MetricSeries {
  from: Date;
  to: Date;
  stepMs: number;
  total: MetricLine;
  /** The most frequent first. */
  slices: SliceLine[];
  /** Slices beyond `limit`. */
  more: number;
  asOf: Date | null;
}

/** One figure by step beside the period before, of all searches, of one query or slice by slice. */
export async function getMetricSeries({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: GetMetricSeriesInput;
}): Promise<MetricSeries> {
  authorise(ctx, 'session.read');
  const { period, until, metric: id, by, query, limit } = parseInput(GetMetricSeriesInput, input);
  const placed = placePeriod(period, until ?? ctx.deps.clock.now());
  const metric = definitionOf(id);
  const [total, sliced, state] = await Promise.all([
    query === null ? lineOfAll(ctx, placed, metric) : lineOfQuery(ctx, placed, { metric, query: queryOf(query) }),
    by === null ? [] : listSliced(ctx, placed, { by, metric }),
    ctx.deps.analytics.getState(),
  ]);
  const ranked = rankSlices(sliced, placed);
  const shown = ranked.slice(0, limit);
  const byStart = pickSlices(sliced, new Set(shown.map(({ slice }) => slice)));
  const slices = shown.map((one) => ({ ...one, ...lineOfSlice({ byStart, placed, metric, slice: one.slice }) }));
  const { from, to, stepMs } = placed;
  return { from, to, stepMs, total, slices, more: Math.max(0, ranked.length - limit), asOf: state.caughtUpAt };
}

function definitionOf(id: MetricId): MetricDefinition {
  return metrics.find((metric) => metric.id === id) ?? metrics[0];
}

/** `countOf` counts the given steps; of a whole period all of them at once. */
function makeLine(placed: PlacedPeriod, figureOf: (starts: readonly number[]) => number | null): MetricLine {
  const { now, past } = stepsOf(placed);
  return {
    ...{ value: figureOf(now), previous: figureOf(past) },
    ...{ points: now.map((start) => figureOf([start])), past: past.map((start) => figureOf([start])) },
  };
}

async function lineOfAll(ctx: Ctx, placed: PlacedPeriod, metric: MetricDefinition): Promise<MetricLine> {
  const range = { from: placed.before, to: placed.to, size: placed.size };
  const [buckets, countedOf] = await Promise.all([ctx.deps.analytics.listBuckets(range), createBucketCounter(ctx)]);
  const byStart = new Map(buckets.map((bucket) => [bucket.from.getTime(), bucket]));
  return makeLine(placed, (starts) =>
    computeMetric(metric, countedOf(starts.flatMap((start) => byStart.get(start) ?? []))),
  );
}

async function lineOfQuery(
  ctx: Ctx,
  placed: PlacedPeriod,
  { metric, query }: { metric: MetricDefinition; query: string },
): Promise<MetricLine> {
  const byStart = pickSlices(await listSliced(ctx, placed, { by: 'query', metric }), new Set([query]));
  return lineOfSlice({ byStart, placed, metric, slice: query });
}

function rankSlices(sliced: readonly SlicedBucket[], { from }: PlacedPeriod): { slice: string; searches: number }[] {
  const counts = new Map<string, number>();
  for (const bucket of sliced)
    if (bucket.from >= from)
      for (const one of bucket.slices) counts.set(one.slice, (counts.get(one.slice) ?? 0) + searchesOf(one));
  return [...counts]
    .map(([slice, searches]) => ({ slice, searches }))
    .filter(({ searches }) => searches > 0)
    .sort((left, right) => right.searches - left.searches || (left.slice < right.slice ? -1 : 1));
}

type SlicesByStart = ReadonlyMap<number, ReadonlyMap<string, SliceSums>>;

function pickSlices(sliced: readonly SlicedBucket[], wanted: ReadonlySet<string>): SlicesByStart {
  return new Map(
    sliced.map(({ from, slices }) => {
      const picked = slices.filter(({ slice }) => wanted.has(slice));
      return [from.getTime(), new Map(picked.map((one) => [one.slice, one]))];
    }),
  );
}

function lineOfSlice(given: {
  byStart: SlicesByStart;
  placed: PlacedPeriod;
  metric: MetricDefinition;
  slice: string;
}): MetricLine {
  const { byStart, placed, metric, slice } = given;
  return makeLine(placed, (starts) => {
    const found = starts.flatMap((start) => byStart.get(start)?.get(slice) ?? []);
    return computeMetric(metric, countedOf(sumSlices([found])[0]));
  });
}

function countedOf(sum: SliceSums | undefined): Counted {
  return { sums: sum?.sums ?? [], took: sum?.took ?? [], users: null, items: null };
}
