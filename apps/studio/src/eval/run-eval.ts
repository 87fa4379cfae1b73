import { join, resolve } from 'node:path';
import type { ItemInput } from '@embedding-studio/contracts';
import { chooseFold, loadFolder } from '../datasets/index.ts';
import { readSettings } from '../environment.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { createProgress } from '../terminal/progress.ts';
import { buildReport, listRegressions } from './build-report.ts';
import { chooseParts } from './choose-parts.ts';
import { compareRetrievers, renderRetrievers } from './compare-retrievers.ts';
import type { Measured } from './measure-queries.ts';
import { modelCacheOf, openRun } from './open-run.ts';
import { loadPictures, measureChance } from './picture-items.ts';
import { renderReport } from './render-report.ts';
import { type LoopOutcome, runLoop } from './run-loop.ts';
import { writeReport } from './write-report.ts';

export interface EvalOptions {
  data: string;
  json?: string;
  model: string;
  method: string;
  minutes: number;
  seed: number;
  fold?: number;
  images?: boolean;
}

/** Texts and pictures begin in spaces of their own: a small nudge, which adapters are by default, would not join them. */
const pictureMethod = 'query-adapter';
const pictureSettings = { rank: 128, ridge: 0.0001, epochsMax: 200, batchQueries: 64, learningRate: 0.005 };

/** The whole of `studio eval`. */
export async function runEval(options: EvalOptions): Promise<void> {
  const settings = readSettings();
  const progress = createProgress();
  const started = performance.now();
  const whole = await loadFolder(resolve(options.data));
  const folded = options.fold === undefined ? whole : chooseFold(whole, options.fold);
  for (const warning of whole.warnings) progress.warn(warning);
  const stateFolder = findStateFolder(settings);
  const scratch = join(stateFolder, 'eval-pictures');
  const pictures = options.images ? await loadPictures(folded, { folder: resolve(options.data), scratch }) : null;
  const dataset = pictures === null ? folded : { ...folded, items: pictures.items };
  const { partWordsMax, partsMax } = chooseParts(dataset.items);
  progress.say(`embedding up to ${partsMax} part(s) of ${partWordsMax} words of every item`);
  const run = await openRun({
    folder: join(stateFolder, 'eval'),
    modelCacheFolder: modelCacheOf(stateFolder),
    model: options.model,
    pictures: pictures?.paths,
    settings,
    variables: { PART_WORDS_MAX: String(partWordsMax), PARTS_MAX: String(partsMax) },
    progress,
  });
  const setup = (performance.now() - started) / 1000;
  try {
    const { seed } = options;
    const method = pictures !== null && options.method === 'auto' ? pictureMethod : options.method;
    const methodSettings = method === pictureMethod ? pictureSettings : {};
    const trainingSeconds = options.minutes * 60;
    const loop = await runLoop({
      run,
      dataset,
      seed,
      method,
      methodSettings,
      trainingSeconds,
      queriesMax: null,
      progress,
    });
    const total = (performance.now() - started) / 1000;
    const timings = { setup, ...loop.timings, total };
    const report = buildReport({ ...loop, dataset: dataset.name, model: run.model.name, seed, timings });
    const regressions = Object.fromEntries(loop.splits.map((split) => [split.name, listRegressions(split, loop)]));
    const lines = [
      ...renderReport(report, { evidence: loop.evidence, tiers: loop.tiers, regressions }),
      ...listRetrievers(loop, seed),
      ...(pictures === null ? [] : listChance(loop, { items: dataset.items, seed })),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    if (options.json !== undefined) await writeReport(options.json, report);
  } finally {
    await run.stop();
  }
}

function listChance({ splits }: LoopOutcome, { items, seed }: { items: readonly ItemInput[]; seed: number }): string[] {
  const itemIds = items.map(({ id }) => id);
  const found = measureChance(splits, { itemIds, seed }).map(({ split, ndcg10 }) => `${split} ${ndcg10.toFixed(3)}`);
  return ['', `nDCG@10 of the pictures in random order: ${found.join(', ')}`];
}

function listRetrievers({ splits, before, after, unfitted, isLive }: LoopOutcome, seed: number): string[] {
  const render = (title: string, measured: Measured, of = splits) =>
    renderRetrievers(title, compareRetrievers(of, { measured, seed }));
  return [
    ...(unfitted === null ? [] : render('retrievers before any fit', unfitted.measured, unfitted.splits)),
    ...render('retrievers with weights fitted on the sessions', before),
    ...(isLive ? render('retrievers with the trained model', after) : []),
  ];
}
