import { join, resolve } from 'node:path';
import { type ModelFiles, StudioError } from '@embedding-studio/contracts';
import { chooseFold, type Dataset, loadFolder } from '../datasets/index.ts';
import { readSettings } from '../environment.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';
import { chooseParts } from './choose-parts.ts';
import { listPictureGains } from './measure-pictures.ts';
import { mergeFolds } from './merge-folds.ts';
import { type ModelAccess, modelCacheOf, openRun, type RunOptions } from './open-run.ts';
import { type PairedPictures, pairPictures } from './pair-pictures.ts';
import { loadPictures, type Pictures } from './picture-items.ts';
import { presentLoop } from './present-loop.ts';
import { renderTurns } from './render-turns.ts';
import { runFolds } from './run-folds.ts';
import { runLoop } from './run-loop.ts';

export interface EvalOptions {
  data: string;
  json?: string;
  model: string;
  method: string;
  minutes: number;
  seed: number;
  fold?: number | 'all';
  images?: boolean;
}

/** The whole of `studio eval`. */
export async function runEval(options: EvalOptions): Promise<void> {
  const progress = createProgress();
  const whole = await loadFolder(resolve(options.data));
  for (const warning of whole.warnings) progress.warn(warning);
  if (options.fold === 'all') return runEveryFold(whole, options, progress);
  const settings = readSettings();
  const started = performance.now();
  const signal = new AbortController().signal;
  const folded = options.fold === undefined ? whole : chooseFold(whole, options.fold);
  const scratch = join(findStateFolder(settings), 'eval-pictures');
  const pictures = options.images ? await loadPictures(folded, { folder: resolve(options.data), scratch }) : null;
  const dataset = pictures === null ? folded : withPictures(folded, pictures);
  let paired: PairedPictures | null = null as PairedPictures | null;
  const run = await openRun({
    ...describeRun(dataset, options, progress),
    ...(pictures && {
      pair: async (text: ModelFiles, access: ModelAccess) => {
        const made = await pairPictures(pictures, { text, access, progress });
        paired = made.paired;
        return made.files;
      },
    }),
  });
  const setup = (performance.now() - started) / 1000;
  try {
    const { seed } = options;
    const loop = await runLoop({ run, dataset, ...describeLoop(options), progress });
    await presentLoop(loop, {
      ...{ dataset: dataset.name, model: run.model.name, seed, json: options.json },
      timings: { setup, ...loop.timings, total: (performance.now() - started) / 1000 },
      more: pictures && paired ? await listPictureGains(loop.splits, { pictures, paired, seed, signal }) : [],
    });
  } finally {
    await run.stop();
  }
}

async function runEveryFold(whole: Dataset, options: EvalOptions, progress: Progress): Promise<void> {
  if (options.images)
    throw new StudioError('INPUT_INVALID', '--fold all takes no --images: name one fold.', { field: 'fold' });
  const started = performance.now();
  const run = describeRun(whole, options, progress);
  const { model, turns, timings } = await runFolds({ whole, options: run, ...describeLoop(options), progress });
  const loop = mergeFolds(turns);
  await presentLoop(loop, {
    ...{ dataset: `${whole.name}, ${turns.length} folds`, model, seed: options.seed, json: options.json },
    timings: { ...timings, ...loop.timings, total: (performance.now() - started) / 1000 },
    more: renderTurns(turns, options.seed),
  });
}

function describeRun(dataset: Dataset, { model }: EvalOptions, progress: Progress): RunOptions {
  const settings = readSettings();
  const stateFolder = findStateFolder(settings);
  const { partWordsMax, partsMax } = chooseParts(dataset.items);
  progress.say(`embedding up to ${partsMax} part(s) of ${partWordsMax} words of every item`);
  const variables = { PART_WORDS_MAX: String(partWordsMax), PARTS_MAX: String(partsMax) };
  return {
    ...{ folder: join(stateFolder, 'eval'), modelCacheFolder: modelCacheOf(stateFolder) },
    ...{ model, settings, variables, progress },
  };
}

function describeLoop({ seed, method, minutes }: EvalOptions) {
  return { seed, method, trainingSeconds: minutes * 60, queriesMax: null };
}

/** Nobody clicks what is kept untouched. */
function withPictures(dataset: Dataset, { items, untouched }: Pictures): Dataset {
  return { ...dataset, items, untouched, withheld: untouched };
}
