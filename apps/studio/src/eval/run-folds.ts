import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { chooseFold, type Dataset, listFolds } from '../datasets/index.ts';
import type { FoldOutcome } from './merge-folds.ts';
import { clearFolder, openRun, type RunOptions, resumeRun } from './open-run.ts';
import { fillIndex, type LoopOptions, runLoop } from './run-loop.ts';

export interface FoldsInput extends Omit<LoopOptions, 'run' | 'dataset' | 'isIndexed'> {
  whole: Dataset;
  options: RunOptions;
}

export interface Folds {
  model: string;
  turns: FoldOutcome[];
  /** Of the one index that all turns begin with. */
  timings: Record<string, number>;
}

/**
 * Every turn of a cross-validation. The items are embedded once: each turn begins with a copy of the folder as it was
 * then, so none has seen another's clicks, weights or model.
 */
export async function runFolds({ whole, options, ...loopOptions }: FoldsInput): Promise<Folds> {
  const { progress } = options;
  const folds = listFolds(whole);
  const kept = `${options.folder}-base`;
  const first = await openRun(options);
  const timings = await fillIndex({ run: first, dataset: whole, progress }).finally(() => first.stop());
  await rm(kept, { recursive: true, force: true });
  await copyFolder(options.folder, kept);
  try {
    const turns: FoldOutcome[] = [];
    for (const fold of folds) {
      progress.say(`fold ${fold}, ${turns.length + 1} of ${folds.length}`);
      await clearFolder(options.folder, progress);
      await copyFolder(kept, options.folder);
      const run = await resumeRun(options, first);
      const turn = { ...loopOptions, run, dataset: chooseFold(whole, fold), isIndexed: true };
      turns.push({ fold, loop: await runLoop(turn).finally(() => run.stop()) });
    }
    return { model: first.model.name, turns, timings };
  } finally {
    await rm(kept, { recursive: true, force: true });
  }
}

/** With owners and modes, which Node's own copy drops: PostgreSQL reads only what is its own. */
async function copyFolder(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', '--reflink=auto', from, to]);
}
