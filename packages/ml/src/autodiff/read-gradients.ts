import type { Tensor } from 'onnxruntime-node';
import { elementCount } from '../onnx/index.ts';
import type { TrainingGraph } from './differentiate.ts';

/** The gradient of every weight after one run of a training graph; row gradients are added up into whole tables. */
export function readGradients(
  training: TrainingGraph,
  outputs: Readonly<Record<string, Tensor>>,
): Map<string, Float32Array> {
  const gradients = new Map(
    training.gradients.map(({ name }) => [name, new Float32Array(outputs[`grad:${name}`]?.data as Float32Array)]),
  );
  for (const { name, indices, rows } of training.sparse) {
    const dims = training.parameters.get(name)?.dims ?? [];
    const table = gradients.get(name) ?? new Float32Array(elementCount(dims));
    addRows(table, { width: dims[1] ?? 0, indices: outputs[indices], rows: outputs[rows] });
    gradients.set(name, table);
  }
  return gradients;
}

function addRows(
  table: Float32Array,
  { width, indices, rows }: { width: number; indices: Tensor | undefined; rows: Tensor | undefined },
): void {
  const values = rows?.data as Float32Array;
  const height = table.length / width;
  Array.from(indices?.data as BigInt64Array, Number).forEach((number, i) => {
    const row = number < 0 ? number + height : number;
    for (let k = 0; k < width; k += 1)
      table[row * width + k] = (table[row * width + k] ?? 0) + (values[i * width + k] ?? 0);
  });
}
