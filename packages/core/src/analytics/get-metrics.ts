import { type AnalyticsBucket, metrics, type QueryTally } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { computeMetric } from './compute-metrics.ts';
import { sumCells, sumQueries } from './fold-facts.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export const Period = z.enum(['24h', '7d', '30d', '90d']);
export type Period = z.infer<typeof Period>;

const lengthOf: Record<Period, number> = { '24h': dayMs, '7d': 7 * dayMs, '30d': 30 * dayMs, '90d': 90 * dayMs };

export const PeriodInput = z.object({
  period: Period.default('7d'),
  /** End of the period, taken to the full hour (24 h) or day, UTC; default: now. */
  until: z.date().nullish(),
});
export type PeriodInput = z.input<typeof PeriodInput>;

export interface MetricFigure {
  id: (typeof metrics)[number]['id'];
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

/** The steps that the period ends with, the running one included. */
export function placePeriod(period: Period, until: Date): { from: Date; to: Date; before: Date; stepMs: number } {
  const stepMs = period === '24h' ? hourMs : dayMs;
  const to = Math.ceil(until.getTime() / stepMs) * stepMs;
  const length = lengthOf[period];
  return { from: new Date(to - length), to: new Date(to), before: new Date(to - 2 * length), stepMs };
}

/** Every figure of a period by step, and of the period before. */
export async function getMetrics({ ctx, input }: { ctx: Ctx; input: PeriodInput }): Promise<MetricsAnswer> {
  authorise(ctx, 'session.read');
  const { period, until } = parseInput(PeriodInput, input);
  const { analytics, clock } = ctx.deps;
  const { from, to, before, stepMs } = placePeriod(period, until ?? clock.now());
  const size = stepMs === hourMs ? 'hour' : 'day';
  const [buckets, traits, state] = await Promise.all([
    analytics.listBuckets({ from: before, to, size }),
    analytics.listTraits(),
    analytics.getState(),
  ]);
  const countedOf = (list: readonly AnalyticsBucket[]) => ({
    ...{ cells: sumCells(list), traits, users: list.map(({ users }) => users) },
  });
  const now = countedOf(buckets.filter((bucket) => bucket.from >= from));
  const past = countedOf(buckets.filter((bucket) => bucket.from < from));
  const byStart = new Map(buckets.map((bucket) => [bucket.from.getTime(), countedOf([bucket])]));
  const nothing = countedOf([]);
  const starts = Array.from(
    { length: (to.getTime() - from.getTime()) / stepMs },
    (_, at) => from.getTime() + at * stepMs,
  );
  const figures = metrics.map((metric) => ({
    id: metric.id,
    value: computeMetric(metric, now),
    previous: computeMetric(metric, past),
    points: starts.map((start) => computeMetric(metric, byStart.get(start) ?? nothing)),
  }));
  return { from, to, stepMs, figures, asOf: state.caughtUpAt };
}

export const ListTopQueriesInput = PeriodInput.extend({
  /** `zero`: those that found nothing, by how often. `unclicked`: answered, but with the fewest clicks. */
  order: z.enum(['frequent', 'zero', 'unclicked']).default('frequent'),
  limit: z.number().int().min(1).max(100).default(10),
});
export type ListTopQueriesInput = z.input<typeof ListTopQueriesInput>;

/** What was asked most in a period; exact while an hour has at most 500 different queries. */
export async function listTopQueries({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListTopQueriesInput;
}): Promise<{ queries: QueryTally[] }> {
  authorise(ctx, 'session.read');
  const { period, until, order, limit } = parseInput(ListTopQueriesInput, input);
  const { analytics, clock } = ctx.deps;
  const { from, to } = placePeriod(period, until ?? clock.now());
  const queries = sumQueries((await analytics.listQueryBuckets({ from, to })).map((bucket) => bucket.queries));
  const weight = weights[order];
  const sorted = queries
    .filter((query) => weight(query) > 0)
    .sort((left, right) => weight(right) - weight(left) || (left.query < right.query ? -1 : 1));
  return { queries: sorted.slice(0, limit) };
}

const weights: Record<z.infer<typeof ListTopQueriesInput>['order'], (query: QueryTally) => number> = {
  frequent: ({ searches }) => searches,
  zero: ({ searches, answered }) => searches - answered,
  unclicked: ({ answered, clicked }) => answered - clicked,
};

/** Makes all facts and counts anew from the sessions; meanwhile the figures fill up again. */
export async function requestAnalyticsRebuild({ ctx }: { ctx: Ctx }): Promise<void> {
  authorise(ctx, 'rollout.write');
  await ctx.deps.analytics.requestRebuild();
  await recordAudit(ctx, { action: 'analytics.request-rebuild', subject: 'analytics' });
}
