import { writeFile } from 'node:fs/promises';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { isMet } from '../loop/measurement.ts';
import { openBench } from '../loop/open-bench.ts';
import { renderReport } from '../loop/render-report.ts';
import { describeMachine, loadNow } from '../machine.ts';
import { measureUpsertion } from './measure-upsertion.ts';

export interface IngestBenchOptions {
  data?: string;
  itemsMax: number;
  model: string;
  repeats: number;
  folder?: string;
  json?: string;
}

/** Items per second of an upsertion against the rate at which their texts can be embedded at all. */
export async function runIngestBench(options: IngestBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const start = loadNow();
  const bench = await openBench({ ...options, progress });
  try {
    progress.say('measuring upsertion');
    const upsertion = await measureUpsertion(bench, options.repeats);
    const report = {
      machine: describeMachine(),
      load: { start, end: loadNow() },
      dataset: bench.dataset.name,
      model: bench.files.manifest.name,
      items: bench.items.length,
      measurements: [upsertion],
    };
    const title = `${report.items} items of ${report.dataset}, model ${report.model}`;
    process.stdout.write(`${renderReport({ ...report, title })}\n`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    return { isGoalMissed: !isMet(upsertion) };
  } finally {
    await bench.close();
  }
}
