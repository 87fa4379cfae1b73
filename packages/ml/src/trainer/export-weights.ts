import { join } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import { floatValues, patchInitializers } from '../onnx/index.ts';
import { mergeAdapter } from './low-rank-adapters.ts';
import { storedWeights, type TrainedWeights } from './mix-weights.ts';
import type { LoadedModel } from './model-folder.ts';
import { writeFileAtomically } from './write-file.ts';

/** The original file with the trained weights in place; adapters are folded into their matrices. */
export function patchWeights(file: Uint8Array, { tensors, adapters }: TrainedWeights): Uint8Array {
  const trained = new Map(tensors.map((tensor) => [tensor.name, tensor.values]));
  if (adapters.length === 0) return patchInitializers(file, trained);
  const stored = storedWeights(file);
  const merged = adapters.map((adapter) => {
    const weight = stored.get(adapter.weight);
    const down = trained.get(adapter.down);
    const up = trained.get(adapter.up);
    if (!weight || !down || !up)
      throw new StudioError('MODEL_INVALID', `The model has no weight named ${adapter.weight}`);
    return [adapter.weight, mergeAdapter(adapter, floatValues(weight), { down, up })] as const;
  });
  return patchInitializers(file, new Map(merged));
}

/** Writes `tokenizer.json` and then `model.onnx`, each whole or not at all. */
export function writeModelFiles(folder: string, model: LoadedModel, onnx: Uint8Array): void {
  writeFileAtomically(join(folder, 'tokenizer.json'), [Buffer.from(model.tokenizerJson, 'utf8')]);
  writeFileAtomically(join(folder, 'model.onnx'), [onnx]);
}
