import { writeFile } from 'node:fs/promises';
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
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { table } from '../../apps/studio/src/terminal/table.ts';
import { describeMachine, loadNow } from '../machine.ts';
import { days } from '../sessions/make-sessions.ts';
import { openFacts, type Timing, time, writeFacts } from '../sessions/open-facts.ts';

const goalMs = 300;
const monthMs = 30 * 86_400_000;

export interface AnalyticsBenchOptions {
  sessions: number;
  repeats: number;
  json?: string;
}

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
export async function runAnalyticsBench(options: AnalyticsBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const { ctx, close } = await openFacts(progress);
  try {
    const start = loadNow();
    const written = await writeFacts(ctx, options.sessions, progress);
    progress.say('measuring');
    const timings = await measureAll(ctx, options.repeats);
    const { sessions } = options;
    const machine = describeMachine();
    const report = { machine, load: { start, end: loadNow() }, sessions, goalMs, ...written, timings };
    process.stdout.write(`${render(report)}\n`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    return { isGoalMissed: timings.some(({ medianMs }) => medianMs >= goalMs) };
  } finally {
    await close();
  }
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

interface Report {
  sessions: number;
  traits: number;
  seconds: { facts: number; counts: number };
  timings: Timing[];
}

function render({ sessions, traits, seconds, timings }: Report): string {
  const rows = timings.map(({ name, rows: found, medianMs, slowestMs }) => [
    ...[name, String(found), String(medianMs), String(slowestMs), medianMs < goalMs ? 'yes' : 'NO'],
  ]);
  return [
    `${sessions.toLocaleString('en')} sessions over ${days} days, ${traits} combinations of traits, on the embedded document server.`,
    `Written in ${seconds.facts.toFixed(0)} s, counted in ${seconds.counts.toFixed(0)} s.`,
    '',
    ...table(['', 'points, rows', 'median ms', 'slowest ms', `< ${goalMs} ms`], rows),
  ].join('\n');
}
