import { join, resolve } from 'node:path';
import type { ModelFiles } from '@embedding-studio/contracts';
import { chooseFold, type Dataset, loadFolder } from '../datasets/index.ts';
import { readSettings } from '../environment.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { createProgress } from '../terminal/progress.ts';
import { buildReport, listRegressions } from './build-report.ts';
import { chooseParts } from './choose-parts.ts';
import { compareRetrievers, renderRetrievers } from './compare-retrievers.ts';
import { listPictureGains } from './measure-pictures.ts';
import type { Measured } from './measure-queries.ts';
import { type ModelAccess, modelCacheOf, openRun } from './open-run.ts';
import { type PairedPictures, pairPictures } from './pair-pictures.ts';
import { loadPictures, type Pictures } from './picture-items.ts';
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

/** The whole of `studio eval`. */
export async function runEval(options: EvalOptions): Promise<void> {
  const settings = readSettings();
  const progress = createProgress();
  const started = performance.now();
  const signal = new AbortController().signal;
  const whole = await loadFolder(resolve(options.data));
  const folded = options.fold === undefined ? whole : chooseFold(whole, options.fold);
  for (const warning of whole.warnings) progress.warn(warning);
  const stateFolder = findStateFolder(settings);
  const scratch = join(stateFolder, 'eval-pictures');
  const pictures = options.images ? await loadPictures(folded, { folder: resolve(options.data), scratch }) : null;
  const dataset = pictures === null ? folded : withPictures(folded, pictures);
  const { partWordsMax, partsMax } = chooseParts(dataset.items);
  progress.say(`embedding up to ${partsMax} part(s) of ${partWordsMax} words of every item`);
  let paired: PairedPictures | null = null as PairedPictures | null;
  const run = await openRun({
    folder: join(stateFolder, 'eval'),
    modelCacheFolder: modelCacheOf(stateFolder),
    model: options.model,
    ...(pictures && {
      pair: async (text: ModelFiles, access: ModelAccess) => {
        const made = await pairPictures(pictures, { text, access, progress });
        paired = made.paired;
        return made.files;
      },
    }),
    settings,
    variables: { PART_WORDS_MAX: String(partWordsMax), PARTS_MAX: String(partsMax) },
    progress,
  });
  const setup = (performance.now() - started) / 1000;
  try {
    const { seed, method } = options;
    const trainingSeconds = options.minutes * 60;
    const loop = await runLoop({ run, dataset, seed, method, trainingSeconds, queriesMax: null, progress });
    const total = (performance.now() - started) / 1000;
    const timings = { setup, ...loop.timings, total };
    const report = buildReport({ ...loop, dataset: dataset.name, model: run.model.name, seed, timings });
    const regressions = Object.fromEntries(loop.splits.map((split) => [split.name, listRegressions(split, loop)]));
    const lines = [
      ...renderReport(report, { evidence: loop.evidence, tiers: loop.tiers, regressions }),
      ...listRetrievers(loop, seed),
      ...(pictures && paired ? await listPictureGains(loop.splits, { pictures, paired, seed, signal }) : []),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    if (options.json !== undefined) await writeReport(options.json, report);
  } finally {
    await run.stop();
  }
}

/** Nobody clicks what is kept untouched. */
function withPictures(dataset: Dataset, { items, untouched }: Pictures): Dataset {
  return { ...dataset, items, untouched, withheld: untouched };
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
