import { decodeModel, floatValues, type OnnxTensor } from '../onnx/index.ts';
import type { TrainedTensor } from './adam.ts';
import type { LowRankAdapter } from './low-rank-adapters.ts';

export interface TrainedWeights {
  tensors: readonly TrainedTensor[];
  adapters: readonly LowRankAdapter[];
}

/**
 * Weights on the straight line from the base model's (`alpha` 0) to the trained ones (`alpha` 1). An adapter adds to its
 * frozen matrix, so that scaling it by `alpha` is the same line.
 */
export function mixWeights(file: Uint8Array, { tensors, adapters }: TrainedWeights, alpha: number): TrainedWeights {
  if (alpha === 1) return { tensors, adapters };
  if (adapters.length > 0)
    return { tensors, adapters: adapters.map((adapter) => ({ ...adapter, scale: adapter.scale * alpha })) };
  const stored = storedWeights(file);
  return {
    adapters,
    tensors: tensors.map((tensor) => {
      const base = stored.get(tensor.name);
      return base ? { ...tensor, values: mixValues(floatValues(base), tensor.values, alpha) } : tensor;
    }),
  };
}

function mixValues(base: Float32Array, trained: Float32Array, alpha: number): Float32Array {
  const mixed = new Float32Array(trained.length);
  for (let at = 0; at < mixed.length; at += 1)
    mixed[at] = (1 - alpha) * (base[at] as number) + alpha * (trained[at] as number);
  return mixed;
}

/** Initializers and constants of a model file by name. */
export function storedWeights(file: Uint8Array): Map<string, OnnxTensor> {
  const { graph } = decodeModel(file);
  const constants = graph.node.flatMap((node) => {
    const tensor = node.attribute.find((attribute) => attribute.name === 'value')?.t;
    return node.opType === 'Constant' && tensor ? [[node.output[0] ?? '', tensor] as const] : [];
  });
  return new Map([...constants, ...graph.initializer.map((tensor) => [tensor.name ?? '', tensor] as const)]);
}
