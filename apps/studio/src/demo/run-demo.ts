import { join } from 'node:path';
import { chooseDataset, type Dataset } from '../datasets/index.ts';
import { readSettings } from '../environment.ts';
import { buildReport, listRegressions } from '../eval/build-report.ts';
import { modelCacheOf, type OpenRun, openRun } from '../eval/open-run.ts';
import { pickExamples, renderExamples } from '../eval/pick-examples.ts';
import { renderReport } from '../eval/render-report.ts';
import { type LoopOutcome, runLoop } from '../eval/run-loop.ts';
import { writeReport } from '../eval/write-report.ts';
import { repositoryFolder } from '../services/machine.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';
import { fitCatalogue } from './fit-catalogue.ts';
import { serveUntilStopped } from './serve-until-stopped.ts';
import { showGateway } from './show-gateway.ts';
import { showRollback } from './show-rollback.ts';

export interface DemoOptions {
  data?: string;
  json?: string;
  model: string;
  minutes?: number;
  seed: number;
  stay?: boolean;
}

const queriesPerSplit = 150;
const exampleCount = 5;
/** Seconds of training that keep the whole run within ten minutes on two cores, and within five for icons. */
const trainingSeconds = { clicks: 75, simulated: 110 };

/** The whole of `studio demo`. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const settings = readSettings();
  const progress = createProgress();
  const started = performance.now();
  const stateFolder = findStateFolder(settings);
  const cacheFolder = join(stateFolder, 'datasets');
  const sources = settings.STUDIO_SOURCES;
  const chosen = await chooseDataset({ given: options.data, repositoryFolder, cacheFolder, sources, progress });
  const { dataset, parts, note } = fitCatalogue(chosen, { seed: options.seed });
  progress.say(`data: ${dataset.name}, ${dataset.source}${note === null ? '' : `; ${note}`}`);
  const run = await openRun({
    folder: join(stateFolder, 'demo'),
    modelCacheFolder: modelCacheOf(stateFolder),
    model: options.model,
    settings,
    variables: { PART_WORDS_MAX: String(parts.partWordsMax), PARTS_MAX: String(parts.partsMax) },
    progress,
  });
  const setup = (performance.now() - started) / 1000;
  try {
    const seconds = dataset.sessions ? trainingSeconds.clicks : trainingSeconds.simulated;
    const loop = await runLoop({
      run,
      dataset,
      seed: options.seed,
      method: 'contrastive',
      trainingSeconds: options.minutes === undefined ? seconds : Math.ceil(options.minutes * 60),
      queriesMax: queriesPerSplit,
      progress,
    });
    const timings = { setup, ...loop.timings };
    await present({ options, run, dataset, loop, progress, timings, started });
    if (options.stay ?? (process.stdout.isTTY && options.json === undefined)) await serveUntilStopped(progress);
  } finally {
    await run.stop();
  }
}

interface Presentation {
  options: DemoOptions;
  run: OpenRun;
  dataset: Dataset;
  loop: LoopOutcome;
  progress: Progress;
  timings: Record<string, number>;
  started: number;
}

async function present({ options, run, dataset, loop, timings, started }: Presentation): Promise<void> {
  const query = loop.splits[0]?.queries[0]?.text ?? dataset.queries[0]?.text ?? 'hello';
  const rollback = loop.isLive ? await showRollback(run.client, query) : null;
  if (rollback) Object.assign(timings, { roll_back: rollback.backMs / 1000, roll_forward: rollback.forwardMs / 1000 });
  timings.total = (performance.now() - started) / 1000;
  const { seed } = options;
  const report = buildReport({ ...loop, dataset: dataset.name, model: run.model.name, seed, timings });
  const regressions = Object.fromEntries(loop.splits.map((split) => [split.name, listRegressions(split, loop)]));
  const titles = new Map(dataset.items.map(({ id, title }) => [id, title]));
  const titleOf = (itemId: string) => titles.get(itemId) ?? itemId;
  const lines = [
    ...renderReport(report, { evidence: loop.evidence, tiers: loop.tiers, regressions }),
    '',
    `measured on at most ${queriesPerSplit} queries of each split; ./studio eval measures all of them`,
    ...(loop.isLive ? ['', 'examples', ...renderExamples(pickExamples(loop, { count: exampleCount, titleOf }))] : []),
    '',
    rollback
      ? `rolled back in ${rollback.backMs.toFixed(0)} ms and forward again in ${rollback.forwardMs.toFixed(0)} ms, a search on each side included`
      : 'the gate kept the old index: there is nothing to roll back',
    '',
    ...(await showGateway(run, query)),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (options.json !== undefined) await writeReport(options.json, report);
}
