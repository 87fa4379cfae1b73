import { writeFile } from 'node:fs/promises';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { describeMachine, loadNow } from '../machine.ts';
import { measureEmbedding } from './measure-embedding.ts';
import { measureReindex } from './measure-reindex.ts';
import { measureSearch } from './measure-search.ts';
import { measureTraining } from './measure-training.ts';
import { isMet, type Measurement } from './measurement.ts';
import { type Bench, openBench } from './open-bench.ts';
import { renderReport } from './render-report.ts';

export const measurements = ['embedding', 'training', 'search', 'reindex'] as const;
export type MeasurementName = (typeof measurements)[number];

const measure: Record<MeasurementName, (bench: Bench, repeats: number) => Promise<Measurement>> = {
  embedding: measureEmbedding,
  training: measureTraining,
  search: measureSearch,
  reindex: measureReindex,
};

export interface LoopBenchOptions {
  data?: string;
  itemsMax: number;
  model: string;
  repeats: number;
  only: readonly MeasurementName[];
  folder?: string;
  json?: string;
}

export interface LoopReport {
  machine: Record<string, string | number>;
  load: { start: number; end: number };
  dataset: string;
  model: string;
  items: number;
  measurements: Measurement[];
}

/** Measures the parts of the loop against the bare components that they are made of. */
export async function runLoopBench(options: LoopBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const start = loadNow();
  const bench = await openBench({ ...options, progress });
  try {
    const done: Measurement[] = [];
    for (const name of options.only) {
      progress.say(`measuring ${name}`);
      done.push(await measure[name](bench, options.repeats));
    }
    const report: LoopReport = {
      machine: describeMachine(),
      load: { start, end: loadNow() },
      dataset: bench.dataset.name,
      model: bench.files.manifest.name,
      items: bench.items.length,
      measurements: done,
    };
    const title = `${report.items} items of ${report.dataset}, model ${report.model}`;
    process.stdout.write(`${renderReport({ ...report, title })}\n`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    return { isGoalMissed: !done.every(isMet) };
  } finally {
    await bench.close();
  }
}
