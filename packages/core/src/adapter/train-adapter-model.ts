import {
  type Collection,
  type ModelRecord,
  StudioError,
  type TrainingProgress,
  type TrainingReport,
  type TrainingSet,
  type TrainingSettings,
  type ValidationPoint,
} from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { fetchArtefact } from '../model/fetch-artefact.ts';
import { storeAdapter } from './adapter-artefact.ts';
import { buildVectorSet } from './vector-set.ts';

export interface AdapterTraining {
  base: ModelRecord;
  /** Of the new model. */
  artefactKey: string;
  trainingSet: TrainingSet;
  settings: TrainingSettings;
  outputFolder: string;
  onProgress(progress: TrainingProgress): void;
  onValidation(point: ValidationPoint): void;
}

/** Trains an adapter over the vectors that serve now, and writes the encoder with it as an artefact like any other. */
export async function trainAdapterModel(ctx: Ctx, training: AdapterTraining): Promise<TrainingReport> {
  const { base, artefactKey, settings, outputFolder, onProgress, onValidation } = training;
  const collection = await findServing(ctx, base);
  const set = await buildVectorSet(ctx, { collection, trainingSet: training.trainingSet, seed: settings.seed });
  const signal = ctx.signal ?? new AbortController().signal;
  const request = { set, settings, signal, onProgress, onValidation };
  const { adapter, report } = await ctx.deps.adapterTrainer.trainAdapter(request);
  await storeAdapter(ctx, artefactKey, adapter);
  const { folder: modelFolder } = await fetchArtefact(ctx, base);
  await ctx.deps.adapterTrainer.attachAdapter({
    modelFolder,
    outputFolder,
    adapter,
    side: settings.adapter?.side ?? 'query',
  });
  return report;
}

/** Only what is stored can be moved: the base has to be the model that serves. */
async function findServing(ctx: Ctx, base: ModelRecord): Promise<Collection> {
  const live = await ctx.deps.collections.findLiveCollection();
  if (live?.collection.modelId === base.id) return live.collection;
  throw new StudioError('INPUT_INVALID', `baseModelId: ${base.id} does not serve, so that it has no stored vectors.`, {
    field: 'baseModelId',
    publicMessage: 'Adapters are trained over stored vectors: choose the model that serves as the base model.',
  });
}
