import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import { createTrainer } from '@embedding-studio/ml/trainer';
import { contrastive } from '@embedding-studio/plugins/methods';
import { createLog } from '@embedding-studio/telemetry';
import { type Dataset, listTestSplits, loadFolder, simulateClicks } from '../../apps/studio/src/datasets/index.ts';
import { readSettings } from '../../apps/studio/src/environment.ts';
import { renderGains } from '../../apps/studio/src/eval/measure-pictures.ts';
import { listModelSources, modelCacheOf } from '../../apps/studio/src/eval/open-run.ts';
import { pairPictures } from '../../apps/studio/src/eval/pair-pictures.ts';
import { loadPictures, type Pictures } from '../../apps/studio/src/eval/picture-items.ts';
import {
  chanceOf,
  embedTexts,
  type PlacedPictures,
  placePictures,
  rankPictures,
  scorePictures,
} from '../../apps/studio/src/eval/score-pictures.ts';
import { findStateFolder } from '../../apps/studio/src/services/state-folder.ts';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { completeArtefact } from '../ablation/train-variant.ts';
import { findModel } from '../loop/open-bench.ts';
import { describeMachine } from '../machine.ts';
import { makeTrainingSet } from './picture-training-set.ts';

export interface PicturesBenchOptions {
  data?: string;
  model: string;
  json?: string;
}

const seed = 1;
const sessionsPerQuery = 4;

/** Captions join pictures to text, then simulated clicks train the text tower towards them, no gate asked. */
export async function runPicturesBench(options: PicturesBenchOptions): Promise<{ isGoalMissed: boolean }> {
  if (options.data === undefined)
    throw new StudioError('INPUT_INVALID', '--data names a folder of pictures', { field: 'data' });
  const progress = createProgress();
  const { signal } = new AbortController();
  const scratch = await mkdtemp(join(tmpdir(), 'studio-pictures-'));
  try {
    const { dataset, pictures } = await open(resolve(options.data), join(scratch, 'pictures'));
    const settings = readSettings();
    const text = await findModel(options.model, settings);
    const cacheFolder = modelCacheOf(findStateFolder(settings));
    const access = { allowedSources: listModelSources(settings), cacheFolder, signal };
    const { paired } = await pairPictures(pictures, { text, access, progress });
    const placed = placePictures(pictures, paired.features, paired.aligned);
    const splits = listTestSplits(dataset);
    const texts = dataset.queries.map((query) => query.text);
    const vectors = await embedTexts(texts, { modelFolder: text.folder, signal });
    const sessions = clickOn(dataset, { vectors, placed });
    progress.say(`training the text tower on ${sessions.length} simulated sessions`);
    const modelFolder = join(scratch, 'model');
    await trainTower({ modelFolder: text.folder, outputFolder: modelFolder, signal, sessions, placed });
    const trained = await embedTexts(texts, { modelFolder, signal });
    const compared = splits.map(({ name, queries }) => ({
      ...{ name, queries: queries.length, chance: chanceOf(queries, [...pictures.paths.keys()], seed) },
      before: scorePictures(queries, { vectors, placed }),
      after: scorePictures(queries, { vectors: trained, placed }),
    }));
    process.stdout.write(`${renderGains(compared, seed, ['captions', 'and clicks']).join('\n')}\n`);
    const figures = {
      machine: describeMachine(),
      dataset: dataset.name,
      alignment: paired.aligned.alignment,
      compared,
    };
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(figures, null, 2)}\n`);
    return { isGoalMissed: false };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function open(folder: string, scratch: string): Promise<{ dataset: Dataset; pictures: Pictures }> {
  const whole = await loadFolder(folder);
  const pictures = await loadPictures(whole, { folder, scratch });
  const { items, untouched } = pictures;
  return { pictures, dataset: { ...whole, items, untouched, withheld: untouched, sessions: null } };
}

/** Users see what the captions find. */
function clickOn(
  dataset: Dataset,
  { vectors, placed }: { vectors: ReadonlyMap<string, Float32Array>; placed: PlacedPictures },
) {
  const rankings = Object.fromEntries(
    dataset.queries.map(({ id, text }) => [id, rankPictures(vectors.get(text) ?? new Float32Array(), placed)]),
  );
  return simulateClicks({ dataset, rankings, seed, sessionsPerQuery });
}

async function trainTower(run: {
  modelFolder: string;
  outputFolder: string;
  signal: AbortSignal;
  sessions: ReturnType<typeof clickOn>;
  placed: PlacedPictures;
}): Promise<void> {
  const { modelFolder, outputFolder, signal } = run;
  const trainer = createTrainer({
    threads: 2,
    executionProviders: ['cpu'],
    log: createLog({ name: 'bench', level: 'error' }),
  });
  await trainer.train({
    ...{ modelFolder, outputFolder, checkpointFolder: join(outputFolder, 'checkpoints'), signal },
    trainingSet: makeTrainingSet(run.sessions, run.placed),
    settings: contrastive.parseSettings({ seed, threads: 2, secondsMax: null }),
    onProgress: () => undefined,
  });
  await completeArtefact(modelFolder, outputFolder);
}
