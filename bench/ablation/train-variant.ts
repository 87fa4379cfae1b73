import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MixingSet, Trainer, TrainingReport, TrainingSet, TrainingSettings } from '@embedding-studio/contracts';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { contrastive } from '@embedding-studio/plugins/methods';
import { toKnownItemQuery } from '../../packages/core/src/fine-tuning/build-mixing-set.ts';
import { chooseNegatives } from '../../packages/core/src/fine-tuning/mine-hard-negatives.ts';
import { sha256 } from '../../packages/ml/src/trainer/model-folder.ts';
import type { AblationData } from './ablation-data.ts';
import type { ModelVectors } from './rank-queries.ts';

export interface VariantRun {
  data: AblationData;
  trainer: Trainer;
  modelFolder: string;
  /** Emptied by nobody: one folder a variant. */
  folder: string;
  /** Of the base model. */
  vectors: ModelVectors;
  steps: number;
  settings: Record<string, unknown>;
}

const anchorsMax = 512;
const queriesMax = 256;
const depth = 110;

export const settingsOf = ({ settings, steps }: Pick<VariantRun, 'settings' | 'steps'>): TrainingSettings =>
  contrastive.parseSettings({ seed: 1, ...settings, secondsMax: null, stepsMax: steps, epochsMax: 20 });

/** Trains one variant and leaves a whole artefact in `folder/model`. */
export async function trainVariant(run: VariantRun): Promise<{ report: TrainingReport; modelFolder: string }> {
  const { data, trainer, folder, modelFolder } = run;
  const settings = settingsOf(run);
  const trainingSet = addHard(run, data.trainingSet({ debias: settings.debias ?? 'off' }), settings);
  const clicked = new Set(trainingSet.queries.flatMap((query) => query.clicked.map(({ itemId }) => itemId)));
  const anchors = shuffle(
    data.items.filter(({ id }) => !clicked.has(id)),
    createRandom(settings.seed),
  ).slice(0, anchorsMax);
  const outputFolder = join(folder, 'model');
  await mkdir(outputFolder, { recursive: true });
  const report = await trainer.train({
    ...{ modelFolder, outputFolder, checkpointFolder: join(folder, 'checkpoints'), trainingSet, settings },
    anchorTexts: anchors.map((item) => item.parts[0] ?? item.title),
    mixing: mixingOf(data, anchors),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  await completeArtefact(modelFolder, outputFolder);
  return { report, modelFolder: outputFolder };
}

function mixingOf(data: AblationData, anchors: AblationData['items']): MixingSet {
  const chosen = anchors.slice(0, queriesMax);
  const queries = data.validation.slice(0, queriesMax);
  const wanted = new Set([
    ...chosen.map(({ id }) => id),
    ...queries.flatMap(({ relevant, judged }) => [...Object.keys(relevant), ...judged.slice(0, 4)]),
  ]);
  const items = data.items.filter(({ id }) => wanted.has(id));
  return {
    queries: queries.map(({ text, relevant }) => ({ text, relevant })),
    anchors: chosen.flatMap(toKnownItemQuery),
    itemTexts: Object.fromEntries(items.map((item) => [item.id, item.parts[0] ?? item.title])),
  };
}

/** As the product looks for them in a live collection, over all items at once. */
function addHard({ data, vectors }: VariantRun, set: TrainingSet, settings: TrainingSettings): TrainingSet {
  const { hardNegatives, seed } = settings;
  if (hardNegatives === undefined) return set;
  const placeOf = new Map(data.items.map(({ id }, at) => [id, at]));
  // Most queries are asked more than once.
  const known = new Map<string, ReturnType<typeof rankItems>>();
  const queries = set.queries.map((query, at) => {
    const vector = vectors.queries.get(query.text);
    if (vector === undefined) return query;
    const near = known.get(query.text) ?? rankItems(data, vectors.items, vector);
    known.set(query.text, near);
    const { ranked, cosines } = near;
    const clicked = query.clicked.map(({ itemId }) => itemId);
    const ofClicked = clicked.flatMap((itemId) => cosines[placeOf.get(itemId) ?? -1] ?? []);
    const clickedCosine = ofClicked.length > 0 ? Math.max(...ofClicked) : null;
    const found = chooseNegatives({ ranked, clickedCosine }, { clicked, settings: hardNegatives, seed: seed + at + 1 });
    return { ...query, hardNegatives: found.itemIds };
  });
  return { ...set, queries };
}

function rankItems(data: AblationData, items: readonly Float32Array[], vector: Float32Array) {
  const cosines = items.map((item) => {
    let sum = 0;
    for (let column = 0; column < item.length; column++) sum += (item[column] as number) * (vector[column] as number);
    return sum;
  });
  const order = cosines.map((cosine, place) => ({ itemId: data.items[place]?.id ?? '', cosine }));
  return { cosines, ranked: order.sort((left, right) => right.cosine - left.cosine).slice(0, depth) };
}

/** What the rollout does before a trained model is used. */
export async function completeArtefact(base: string, output: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(base, 'manifest.json'), 'utf8')) as { files: Record<string, string> };
  manifest.files = {
    ...manifest.files,
    'model.onnx': sha256(await readFile(join(output, 'model.onnx'))),
    'tokenizer.json': sha256(await readFile(join(output, 'tokenizer.json'))),
  };
  await copyFile(join(base, 'manifest.json'), join(output, 'manifest.json'));
  await writeFile(join(output, 'manifest.json'), JSON.stringify(manifest));
}
