import { writeFile } from 'node:fs/promises';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { table } from '../../apps/studio/src/terminal/table.ts';
import { measureSearch } from '../loop/measure-search.ts';
import { isMet } from '../loop/measurement.ts';
import { openBench } from '../loop/open-bench.ts';
import { renderReport } from '../loop/render-report.ts';
import { describeMachine, loadNow } from '../machine.ts';
import { type FilterRow, measureFilters } from './measure-filters.ts';
import { measureRest } from './measure-rest.ts';

export interface SearchBenchOptions {
  data?: string;
  itemsMax: number;
  model: string;
  repeats: number;
  folder?: string;
  json?: string;
}

const recallMin = 0.95;

/** The search verb against its statement, its route against bare Fastify, and filters by how much they leave. */
export async function runSearchBench(options: SearchBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const start = loadNow();
  const bench = await openBench({ ...options, progress, payloadOf: scatter(options.itemsMax) });
  try {
    progress.say('measuring the verb');
    const search = await measureSearch(bench, options.repeats);
    progress.say('measuring the route');
    const rest = await measureRest(bench, options.repeats);
    progress.say('measuring filters');
    const filters = await measureFilters(bench);
    const report = {
      machine: describeMachine(),
      load: { start, end: loadNow() },
      dataset: bench.dataset.name,
      model: bench.files.manifest.name,
      items: bench.items.length,
      measurements: [search, rest],
    };
    const title = `${report.items} items of ${report.dataset}, model ${report.model}`;
    process.stdout.write(`${renderReport({ ...report, title })}\n${renderFilters(filters)}\n`);
    if (options.json !== undefined)
      await writeFile(options.json, `${JSON.stringify({ ...report, filters }, null, 2)}\n`);
    const isRecallMissed = filters.some(({ found, recall10 }) => found < 1 || recall10 < recallMin);
    return { isGoalMissed: isRecallMissed || ![search, rest].every(isMet) };
  } finally {
    await bench.close();
  }
}

/** A number for every item that has nothing to do with its order; 7919 is prime, so no two items share one. */
function scatter(items: number): (place: number) => Record<string, unknown> {
  return (place) => ({ place: (place * 7_919) % items });
}

function renderFilters(rows: readonly FilterRow[]): string {
  const cells = rows.map((row) => [
    `${(100 * row.selectivity).toFixed(1)} %`,
    row.plan,
    `${(100 * row.found).toFixed(0)} %`,
    row.recall10.toFixed(3),
    row.milliseconds.toFixed(2),
    row.timesUnfiltered.toFixed(2),
  ]);
  const head = ['items that match', 'plan', 'of ten found', 'recall@10', 'ms, median', '× unfiltered'];
  return [
    '',
    `vector search with a filter (goal: all ten found, recall@10 ≥ ${recallMin})`,
    '',
    ...table(head, cells),
  ].join('\n');
}
