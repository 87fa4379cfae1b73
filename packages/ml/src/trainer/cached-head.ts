import type { LossSpec } from '@embedding-studio/contracts';
import { Tensor } from 'onnxruntime-node';
import { differentiate } from '../autodiff/index.ts';
import {
  dataTypes,
  encodeModel,
  GraphBuilder,
  makeTensor,
  makeValueInfo,
  type OnnxModel,
  type OnnxValueInfo,
} from '../onnx/index.ts';
import type { TowerName } from './encoder-graph.ts';
import type { BatchResult } from './gradient-engine.ts';
import type { BatchInputs } from './graph-input.ts';
import { activePairsValue, createLossHead, lossValue } from './loss-heads.ts';
import { createProbeInputs } from './probe-batch.ts';
import { floatsOf, openSession, type SessionOptions, toTensor } from './training-session.ts';

export interface TowerRows {
  rows: number;
  /** [rows, dims] */
  values: Float32Array;
}

/** The loss over rows that were made elsewhere, and its gradients with respect to them. */
export interface CachedHead {
  run(
    batch: BatchInputs,
    rows: Record<TowerName, TowerRows>,
  ): Promise<BatchResult & { gradients: Record<TowerName, Float32Array> }>;
  release(): Promise<void>;
}

interface HeadParts {
  /** Whose opset the head is written in. */
  model: OnnxModel;
  loss: LossSpec;
  dims: number;
  head: readonly OnnxValueInfo[];
}

const towers: readonly TowerName[] = ['query', 'item'];
const tableOf = (tower: TowerName): string => `${tower}_zero`;
const rowsOf = (tower: TowerName): string => `${tower}_rows_made`;
const idsOf = (tower: TowerName): string => `${tower}_ids`;

export async function openHead(parts: HeadParts, session: SessionOptions): Promise<CachedHead> {
  const { dims } = parts;
  const { model, outputs } = buildHead(parts);
  const derived = await differentiate({
    model,
    loss: lossValue,
    trainable: towers.map(tableOf),
    sparse: towers.map(tableOf),
    probes: [createProbe(parts, 3), createProbe(parts, 5)],
    keep: outputs,
  });
  const opened = await openSession(encodeModel(derived.model), session);
  const gradientOf = (tower: TowerName) => derived.sparse.find(({ name }) => name === tableOf(tower))?.rows ?? '';
  const zeros = Object.fromEntries(
    towers.map((tower) => [tableOf(tower), new Tensor('float32', new Float32Array(dims), [1, dims])]),
  );
  return {
    run: async (batch, rows) => {
      const given = parts.head.flatMap(({ name = '' }) => {
        const input = batch[name];
        return input ? [[name, toTensor(input)] as const] : [];
      });
      const made = towers.flatMap((tower) => Object.entries(rowFeeds(tower, rows[tower], dims)));
      const out = await opened.session.run({ ...Object.fromEntries([...given, ...made]), ...zeros });
      const scalar = (name: string) => floatsOf(out[name], name)[0] ?? Number.NaN;
      const gradients = { query: gradientOf('query'), item: gradientOf('item') };
      return {
        loss: scalar(lossValue),
        activePairs: outputs.length > 0 ? scalar(activePairsValue) : null,
        gradients: {
          query: floatsOf(out[gradients.query], 'query rows'),
          item: floatsOf(out[gradients.item], 'item rows'),
        },
      };
    },
    release: () => opened.session.release(),
  };
}

/**
 * Rows come in as they are and are added to rows of a table of zeros: the gradient of looking those up is, row by row,
 * the gradient of the rows themselves, whatever their number.
 */
function buildHead({ model, loss, dims }: HeadParts): { model: OnnxModel; outputs: string[] } {
  const g = new GraphBuilder('rows:');
  for (const tower of towers) {
    const zeros = g.op('Gather', [tableOf(tower), idsOf(tower)], { attributes: { axis: 0 } });
    g.op('Add', [zeros, rowsOf(tower)], { output: tower });
  }
  const head = createLossHead(loss, { query: 'query', item: 'item' });
  const input = towers.flatMap((tower) => [
    makeValueInfo(idsOf(tower), dataTypes.int64, [`${tower}_rows`]),
    makeValueInfo(rowsOf(tower), dataTypes.float, [`${tower}_rows`, dims]),
  ]);
  const graph = {
    name: 'head',
    node: [...g.nodes, ...head.nodes],
    initializer: [
      ...towers.map((tower) => makeTensor(tableOf(tower), [1, dims], new Float32Array(dims))),
      ...head.initializers,
    ],
    input: [...input, ...head.inputs],
    output: [lossValue, ...head.outputs].map((name) => ({ name })),
    valueInfo: [],
  };
  return { model: { ...model, graph }, outputs: head.outputs };
}

function rowFeeds(tower: TowerName, { rows, values }: TowerRows, dims: number): Record<string, Tensor> {
  return {
    [idsOf(tower)]: new Tensor('int64', new BigInt64Array(rows), [rows]),
    [rowsOf(tower)]: new Tensor('float32', values, [rows, dims]),
  };
}

function createProbe({ head, dims }: HeadParts, size: number): Record<string, Tensor> {
  const inputs = createProbeInputs({ manifest: { inputs: [], output: '', dims } }, { head, size });
  const sizes: Record<TowerName, number> = { query: size + 1, item: size + 4 };
  const made = towers.flatMap((tower) => {
    const values = Float32Array.from({ length: sizes[tower] * dims }, (_, at) => 0.1 + (at % 7) / 10);
    return Object.entries(rowFeeds(tower, { rows: sizes[tower], values }, dims));
  });
  return Object.fromEntries([...Object.entries(inputs).map(([name, input]) => [name, toTensor(input)]), ...made]);
}
