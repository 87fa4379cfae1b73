import { type AnalyticsBucket, type MetricId, metrics } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { type Counted, computeMetric } from './compute-metrics.ts';
import { countCatalogue } from './count-catalogue.ts';
import { PeriodInput, placePeriod, stepsOf } from './place-period.ts';
import { createCellSummer } from './sum-cells.ts';

export interface MetricFigure {
  id: MetricId;
  /** null: nothing to divide by. */
  value: number | null;
  /** Of the period before, of the same length. */
  previous: number | null;
  /** By hour (24 h) or by day, oldest first. */
  points: (number | null)[];
}

export interface MetricsAnswer {
  from: Date;
  to: Date;
  /** Length of one point, milliseconds. */
  stepMs: number;
  figures: MetricFigure[];
  asOf: Date | null;
}

/** Every figure of a period by step, and of the period before. */
export async function getMetrics({ ctx, input }: { ctx: Ctx; input: PeriodInput }): Promise<MetricsAnswer> {
  authorise(ctx, 'session.read');
  const { period, until } = parseInput(PeriodInput, input);
  const { analytics, clock } = ctx.deps;
  const placed = placePeriod(period, until ?? clock.now());
  const { from, to, before, stepMs, size } = placed;
  const [buckets, countedOf, state] = await Promise.all([
    analytics.listBuckets({ from: before, to, size }),
    createBucketCounter(ctx),
    analytics.getState(),
  ]);
  const now = countedOf(buckets.filter((bucket) => bucket.from >= from));
  const past = countedOf(buckets.filter((bucket) => bucket.from < from));
  const byStart = new Map(buckets.map((bucket) => [bucket.from.getTime(), bucket]));
  const steps = stepsOf(placed).now.map((start) => countedOf([byStart.get(start) ?? []].flat()));
  const figures = metrics.map((metric) => ({
    id: metric.id,
    value: computeMetric(metric, now),
    previous: computeMetric(metric, past),
    points: steps.map((step) => computeMetric(metric, step)),
  }));
  return { from, to, stepMs, figures, asOf: state.caughtUpAt };
}

/** Makes of some buckets what figures are made of. */
export async function createBucketCounter(ctx: Ctx): Promise<(buckets: readonly AnalyticsBucket[]) => Counted> {
  const [traits, all] = await Promise.all([ctx.deps.analytics.listTraits(), countCatalogue(ctx)]);
  const sum = createCellSummer(traits);
  return (buckets) => ({
    ...sum(buckets.flatMap(({ cells }) => cells)),
    users: buckets.map(({ users }) => users),
    items: { shown: buckets.map(({ items }) => items), all },
  });
}

/** Makes all facts and counts anew from the sessions; meanwhile the figures fill up again. */
export async function requestAnalyticsRebuild({ ctx }: { ctx: Ctx }): Promise<void> {
  authorise(ctx, 'rollout.write');
  await ctx.deps.analytics.requestRebuild();
  await recordAudit(ctx, { action: 'analytics.request-rebuild', subject: 'analytics' });
}
