import { dataTypes, type OnnxValueInfo } from '../onnx/index.ts';
import { type BatchInputs, type GraphInput, tokenInputs } from './batch-tensors.ts';
import { towerValue } from './encoder-graph.ts';
import { floatMatrix } from './graph-input.ts';
import { createSeededRandom } from './seeded-random.ts';
import type { ForwardGraphOptions } from './training-graph.ts';

/** Sizes of the head's inputs, by the name of the size: rows of towers, then what the losses count. */
const growth: Readonly<Record<string, number>> = { item_rows: 4, orders_and_one: 1, lists: 2 };

/** Small made-up inputs whose every size depends on `size`, for learning which sizes vary. */
export function createProbeInputs(
  { manifest, hasFixedItems }: Pick<ForwardGraphOptions, 'manifest' | 'hasFixedItems'>,
  { head, size }: { head: readonly OnnxValueInfo[]; size: number },
): BatchInputs {
  const sizeOf = (name: string) => (name === 'dims' ? (manifest.dims ?? 1) : size + (growth[name] ?? 0));
  return {
    ...tokenInputs('query', probeTokens(size + 1, size + 2), manifest.inputs),
    ...(hasFixedItems
      ? { [towerValue('item', manifest.output)]: probeRows(size + 4, manifest.dims ?? 1) }
      : tokenInputs('item', probeTokens(size + 4, size + 5), manifest.inputs)),
    ...Object.fromEntries(head.map((input) => [input.name ?? '', probeInput(input, sizeOf)])),
  };
}

function probeRows(rows: number, columns: number): GraphInput {
  return floatMatrix({ rows, columns }, (row, at) => row.fill(0.1).set([0.1 + at / 10]));
}

function probeTokens(rows: number, columns: number) {
  const random = createSeededRandom(rows, columns);
  const inputIds = BigInt64Array.from({ length: rows * columns }, () => BigInt(random.below(4)));
  const attentionMask = new BigInt64Array(rows * columns).fill(1n);
  return { rows, columns, inputIds, attentionMask, tokenTypeIds: new BigInt64Array(rows * columns) };
}

function probeInput({ type }: OnnxValueInfo, sizeOf: (name: string) => number): GraphInput {
  const shape = type?.tensorType?.shape?.dim ?? [];
  const dims = shape.map(({ dimParam, dimValue }) => (dimParam === undefined ? Number(dimValue) : sizeOf(dimParam)));
  const count = dims.reduce((product, size) => product * size, 1);
  return type?.tensorType?.elemType === dataTypes.int64
    ? { type: 'int64', dims, values: BigInt64Array.from({ length: count }, (_, at) => BigInt(at)) }
    : { type: 'float32', dims, values: new Float32Array(count).fill(0.1) };
}
