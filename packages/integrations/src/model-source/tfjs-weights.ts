import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { WeightTensor } from './encoders/safetensors.ts';

const GraphModel = z.object({
  weightsManifest: z
    .array(
      z.object({
        paths: z.array(z.string()),
        weights: z.array(z.object({ name: z.string(), shape: z.array(z.number().int()), dtype: z.string() })),
      }),
    )
    .length(1),
});

/** Names of the weight files that a tfjs graph model (`model.json`) is spread over, in order. */
export function listWeightFiles(modelJson: unknown): string[] {
  return parseGraphModel(modelJson).paths;
}

function parseGraphModel(modelJson: unknown) {
  const parsed = GraphModel.safeParse(modelJson);
  const [group] = parsed.data?.weightsManifest ?? [];
  if (!group) throw new StudioError('MODEL_INVALID', 'model.json is not a tfjs graph model with one weight group.');
  return group;
}

/** Weights of a tfjs graph model from its joined weight files; integer weights are constants of the graph and left out. */
export function readTfjsWeights(modelJson: unknown, joined: Uint8Array): Map<string, WeightTensor> {
  const tensors = new Map<string, WeightTensor>();
  let offset = 0;
  for (const { name, shape, dtype } of parseGraphModel(modelJson).weights) {
    const length = 4 * shape.reduce((product, dim) => product * dim, 1);
    if (dtype !== 'float32' && dtype !== 'int32')
      throw new StudioError('MODEL_INVALID', `Weight ${name} has type ${dtype}, which is not supported.`);
    if (offset + length > joined.length) throw new StudioError('MODEL_INVALID', `The weight files end before ${name}.`);
    const values = new Float32Array(Uint8Array.from(joined.subarray(offset, offset + length)).buffer);
    if (dtype === 'float32') tensors.set(name, { dims: shape, values });
    offset += length;
  }
  if (offset !== joined.length)
    throw new StudioError('MODEL_INVALID', 'The weight files are longer than their list says.');
  return tensors;
}
