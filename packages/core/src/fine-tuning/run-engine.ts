import { join } from 'node:path';
import type {
  ModelRecord,
  TrainingProgress,
  TrainingReport,
  TrainingSettings,
  ValidationPoint,
  ValidationSet,
} from '@embedding-studio/contracts';
import { trainAdapterModel } from '../adapter/train-adapter-model.ts';
import type { Ctx } from '../context.ts';
import { fetchArtefact } from '../model/fetch-artefact.ts';
import type { TrainingAids } from './prepare-aids.ts';
import { addStoredRows } from './stored-rows.ts';

export interface EngineRun {
  base: ModelRecord;
  /** Of the model that is made. */
  modelId: string;
  settings: TrainingSettings;
  validation: ValidationSet | undefined;
  aids: TrainingAids;
  /** Of the run: checkpoints lie in it. */
  folder: string;
  /** Of the model that is made. */
  output: string;
  track: { onProgress(progress: TrainingProgress): void; onValidation(point: ValidationPoint): void };
}

/** A small map over stored vectors, or the encoder itself. */
export async function runEngine(ctx: Ctx, run: EngineRun): Promise<TrainingReport> {
  const { base, settings, validation, output: outputFolder, folder, track } = run;
  const { onProgress, onValidation } = track;
  const { hardNegatives: _counted, ...aids } = run.aids;
  if (settings.adapter !== undefined) {
    const artefactKey = `models/${run.modelId}/`;
    const { trainingSet } = aids;
    return trainAdapterModel(ctx, { base, artefactKey, trainingSet, settings, outputFolder, onProgress, onValidation });
  }
  const { seed } = settings;
  const given = await addStoredRows(ctx, { aids, validation }, { base, seed });
  return ctx.deps.trainer.train({
    modelFolder: (await fetchArtefact(ctx, base)).folder,
    outputFolder,
    checkpointFolder: join(folder, 'checkpoints'),
    ...{ settings, validation: given.validation, ...given.aids, onProgress, onValidation },
    signal: ctx.signal ?? new AbortController().signal,
  });
}
