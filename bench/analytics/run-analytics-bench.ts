import {
  type Ctx,
  type GetMetricSeriesInput,
  getMetricSeries,
  getMetrics,
  type ListQueriesInput,
  type ListSessionsInput,
  listQueries,
  listSessions,
} from '@embedding-studio/core';
import { type Timing, time } from '../sessions/open-facts.ts';
import { type FactsBenchOptions, runOverFacts } from '../sessions/run-over-facts.ts';

const monthMs = 30 * 86_400_000;

const series: Record<string, GetMetricSeriesInput> = {
  'CTR@10 by hour': { metric: 'ctr@10', period: '24h' },
  'CTR@10 by day, 30 and 30 before': { metric: 'ctr@10', period: '30d' },
  'CTR@10 by day, 90 and 90 before': { metric: 'ctr@10', period: '90d' },
  'coverage of 90 days': { metric: 'coverage', period: '90d' },
  'by model, 90 days': { metric: 'ctr@10', period: '90d', by: 'model' },
  'by arm, 90 days': { metric: 'ctr@10', period: '90d', by: 'arm' },
  'by device, 90 days': { metric: 'satisfied-ctr', period: '90d', by: 'device' },
  'by query, 30 days': { metric: 'ctr@10', period: '30d', by: 'query' },
  'by query, 90 days': { metric: 'ctr@10', period: '90d', by: 'query' },
  'frequent and rare queries, 90 days': { metric: 'no-click-rate', period: '90d', by: 'queries' },
  'one query, 90 days': { metric: 'ctr@10', period: '90d', query: 'red lamp' },
};

const lists: Record<string, ListQueriesInput> = {
  'top queries, 30 days': { period: '30d' },
  'top queries, 90 days': { period: '90d' },
  'losing clicks, 30 days': { period: '30d', order: 'losers' },
  'no results, 90 days': { period: '90d', order: 'zero' },
  'no clicks with a word in them, 30 days': { period: '30d', order: 'unclicked', contains: 'lamp' },
};

/** Figures, slices and lists of queries over many sessions on the embedded document server. */
export function runAnalyticsBench(options: FactsBenchOptions): Promise<{ isGoalMissed: boolean }> {
  return runOverFacts(options, async (ctx) => ({
    timings: await measureAll(ctx, options.repeats),
    rowsAre: 'points, rows',
  }));
}

async function measureAll(ctx: Ctx, repeats: number): Promise<Timing[]> {
  const timings: Timing[] = [];
  const measure = async (name: string, run: () => Promise<number>) => {
    timings.push(await time(name, repeats, run));
  };
  for (const period of ['24h', '30d', '90d'] as const)
    await measure(
      `all figures of ${period}`,
      async () => (await getMetrics({ ctx, input: { period } })).figures.length,
    );
  for (const [name, input] of Object.entries(series))
    await measure(name, async () => {
      const { total, slices } = await getMetricSeries({ ctx, input });
      return total.points.length * (slices.length + 1);
    });
  for (const [name, input] of Object.entries(lists))
    await measure(name, async () => (await listQueries({ ctx, input })).rows.length);
  const from = new Date(ctx.deps.clock.now().getTime() - monthMs);
  const behind: Record<string, ListSessionsInput['filter']> = {
    'sessions of one query': { query: 'red lamp', isWholeQuery: true, from },
    'sessions of one arm': { slice: 'arm:exp_1/b', from },
  };
  for (const [name, filter] of Object.entries(behind))
    await measure(name, async () => (await listSessions({ ctx, input: { filter } })).rows.length);
  return timings;
}
