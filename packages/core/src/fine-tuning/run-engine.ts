import { join } from 'node:path';
import {
  type ModelRecord,
  StudioError,
  type TrainingProgress,
  type TrainingReport,
  type TrainingSet,
  type TrainingSettings,
  type ValidationPoint,
  type ValidationSet,
} from '@embedding-studio/contracts';
import { trainAdapterModel } from '../adapter/train-adapter-model.ts';
import type { Ctx } from '../context.ts';
import { fetchArtefact } from '../model/fetch-artefact.ts';
import type { TrainingAids } from './prepare-aids.ts';

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
  requireTexts(run.aids.trainingSet);
  return ctx.deps.trainer.train({
    modelFolder: (await fetchArtefact(ctx, base)).folder,
    outputFolder,
    checkpointFolder: join(folder, 'checkpoints'),
    ...{ settings, validation, ...aids, onProgress, onValidation },
    signal: ctx.signal ?? new AbortController().signal,
  });
}

/** An encoder of texts cannot learn from pictures alone; adapters learn from the vectors of anything. */
function requireTexts({ queries, itemTexts }: TrainingSet): void {
  const clicked = new Set(queries.flatMap((query) => query.clicked.map(({ itemId }) => itemId)));
  const pictures = [...clicked].filter((itemId) => itemTexts[itemId] === '').length;
  if (pictures === 0) return;
  const message = `${pictures} clicked items are pictures without text, from which the text encoder cannot learn yet`;
  throw new StudioError('TRAINING_EVIDENCE_MISSING', message, {
    publicMessage: `${message}. Choose the query adapter (T1) or the adapter on both sides (T2).`,
  });
}
