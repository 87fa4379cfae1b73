import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultRankingProfile, type MixingReport, StudioError, type Trainer } from '@embedding-studio/contracts';
import { createTrainer } from '@embedding-studio/ml/trainer';
import { type Interval, pairedBootstrap } from '@embedding-studio/stats';
import { createLog } from '@embedding-studio/telemetry';
import { chooseDataset } from '../../apps/studio/src/datasets/index.ts';
import { readSettings } from '../../apps/studio/src/environment.ts';
import { repositoryFolder } from '../../apps/studio/src/services/machine.ts';
import { createProgress, type Progress } from '../../apps/studio/src/terminal/progress.ts';
import { findModel } from '../loop/open-bench.ts';
import { describeMachine } from '../machine.ts';
import { type AblationData, readAblationData } from './ablation-data.ts';
import { type ModelVectors, type SplitScores, scoreSplits } from './rank-queries.ts';
import { renderAblation } from './render-ablation.ts';
import { settingsOf, trainVariant, type VariantRun } from './train-variant.ts';
import { standardVariants, variants } from './variants.ts';
import { openWordLeg, type WordLeg } from './word-leg.ts';

export interface AblationOptions {
  data?: string;
  model: string;
  /** Time of one variant: about half of it is training, the rest encoding and ranking. */
  minutes: number;
  /** Names of variants; default: the standard ones. The first is the reference. */
  only?: readonly string[];
  json?: string;
}

export interface VariantScore {
  ndcg10: number;
  /** To the reference, over the same queries; null for the reference. */
  difference: Interval | null;
}

export interface AblationReport {
  dataset: string;
  model: string;
  items: number;
  steps: number;
  seed: number;
  reference: string;
  variants: {
    name: string;
    settings: Record<string, unknown>;
    seconds: number | null;
    mixing?: MixingReport;
    splits: Record<string, { queries: number; vector: VariantScore; fused: VariantScore }>;
  }[];
}

const seed = 1;
const queriesMax = 600;
const trainingShare = 0.5;
const calibrationSteps = 6;

/** Trains variants of one recipe by the same number of steps and ranks held-out queries exactly, in memory. */
export async function runAblationBench(options: AblationOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const folder = await mkdtemp(join(tmpdir(), 'studio-ablation-'));
  try {
    const bench = await open(options, { progress, folder });
    const names = chooseNames(options.only);
    const steps = await calibrate(bench, options.minutes);
    progress.say(`${steps} steps a variant`);
    const found: Found[] = [{ name: 'base model', seconds: null, scores: scoreSplits(bench.data, bench) }];
    for (const name of names) found.push(await measure(bench, { name, steps }));
    const report = summarise(bench, { found, steps, reference: names[0] ?? '' });
    process.stdout.write(`${renderAblation(report)}\n`);
    if (options.json !== undefined)
      await writeFile(options.json, `${JSON.stringify({ machine: describeMachine(), ...report }, null, 2)}\n`);
    return { isGoalMissed: false };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Bench {
  data: AblationData;
  model: string;
  modelFolder: string;
  folder: string;
  trainer: Trainer;
  /** Of the base model. */
  vectors: ModelVectors;
  words: WordLeg;
  progress: Progress;
}

interface Found {
  name: string;
  seconds: number | null;
  mixing?: MixingReport;
  scores: Record<string, SplitScores>;
}

async function open(
  options: AblationOptions,
  { progress, folder }: { progress: Progress; folder: string },
): Promise<Bench> {
  const cacheFolder = join(repositoryFolder, '.studio', 'data');
  const dataset = await chooseDataset({ given: options.data, repositoryFolder, cacheFolder, sources: [], progress });
  const data = readAblationData(dataset, { queriesMax, seed });
  const files = await findModel(options.model, readSettings());
  const log = createLog({ name: 'bench', level: 'error' });
  const trainer = createTrainer({ threads: 2, log, executionProviders: ['cpu'] });
  const words = openWordLeg(
    data.items.map(({ title, body }) => ({ title, text: body })),
    defaultRankingProfile.lexical,
  );
  progress.say(`${data.name}: ${data.items.length} items; encoding by ${files.manifest.name}`);
  const asked = data.trainingSet({ debias: 'off' }).queries.map(({ text }) => text);
  const vectors = await encode({ data, trainer, modelFolder: files.folder, asked });
  return {
    ...{ data, folder, trainer, vectors, words, progress },
    model: files.manifest.name,
    modelFolder: files.folder,
  };
}

async function encode(given: {
  data: AblationData;
  trainer: Trainer;
  modelFolder: string;
  /** Texts beside the held-out queries. */
  asked?: readonly string[];
}): Promise<ModelVectors> {
  const { data, trainer, modelFolder, asked = [] } = given;
  const { signal } = new AbortController();
  const judged = [data.validation, ...data.splits.map(({ queries }) => queries)].flat().map(({ text }) => text);
  const texts = [...new Set([...judged, ...asked])];
  const found = await trainer.encode({ modelFolder, texts, kind: 'query', signal });
  const items = data.items.map((item) => item.parts[0] ?? item.title);
  return {
    items: await trainer.encode({ modelFolder, texts: items, kind: 'item', signal }),
    queries: new Map(texts.map((text, at) => [text, found[at] ?? new Float32Array()])),
  };
}

function chooseNames(only: readonly string[] | undefined): string[] {
  const names = only ?? standardVariants;
  const unknown = names.find((name) => variants[name] === undefined);
  if (unknown === undefined) return [...names];
  throw new StudioError('INPUT_INVALID', `there is no variant ${unknown}; known: ${Object.keys(variants).join(', ')}`, {
    field: 'only',
  });
}

/** How many steps of the default recipe fit the time. */
async function calibrate(bench: Bench, minutes: number): Promise<number> {
  let secondsPerStep = 1;
  const run = { ...bench, settings: {}, steps: calibrationSteps };
  const settings = settingsOf(run);
  await bench.trainer.train({
    ...{ modelFolder: bench.modelFolder, outputFolder: join(bench.folder, 'pace') },
    checkpointFolder: join(bench.folder, 'pace'),
    ...{ trainingSet: bench.data.trainingSet({ debias: 'off' }), settings },
    signal: new AbortController().signal,
    onProgress: ({ examplesPerSecond }) => {
      if (examplesPerSecond > 0) secondsPerStep = settings.batchQueries / examplesPerSecond;
    },
  });
  return Math.max(2, Math.floor((minutes * 60 * trainingShare) / secondsPerStep));
}

async function measure(bench: Bench, { name, steps }: { name: string; steps: number }): Promise<Found> {
  bench.progress.say(`training ${name}`);
  const settings = variants[name] ?? {};
  const run: VariantRun = { ...bench, steps, settings, folder: join(bench.folder, name.replaceAll(' ', '-')) };
  const { report, modelFolder } = await trainVariant(run);
  const vectors = await encode({ ...bench, modelFolder });
  const scores = scoreSplits(bench.data, { vectors, words: bench.words });
  return { name, seconds: report.seconds, scores, ...(report.mixing && { mixing: report.mixing }) };
}

function summarise(
  bench: Bench,
  { found, steps, reference }: { found: readonly Found[]; steps: number; reference: string },
): AblationReport {
  const base = found.find(({ name }) => name === reference);
  return {
    ...{ dataset: bench.data.name, model: bench.model, items: bench.data.items.length, steps, seed, reference },
    variants: found.map(({ scores, ...one }) => ({
      ...one,
      settings: variants[one.name] ?? {},
      splits: Object.fromEntries(
        Object.entries(scores).map(([split, { vector, fused }]) => [
          split,
          {
            queries: vector.length,
            vector: compare(vector, one.name === reference ? undefined : base?.scores[split]?.vector),
            fused: compare(fused, one.name === reference ? undefined : base?.scores[split]?.fused),
          },
        ]),
      ),
    })),
  };
}

function compare(scores: readonly number[], reference: readonly number[] | undefined): VariantScore {
  const ndcg10 = scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
  if (reference === undefined) return { ndcg10, difference: null };
  const found = pairedBootstrap(
    scores.map((score, at) => score - (reference[at] ?? 0)),
    { seed, resamples: 2_000 },
  );
  return { ndcg10, difference: found.kind === 'estimated' ? found : null };
}
