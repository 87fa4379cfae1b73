import type { LossSpec } from '@embedding-studio/contracts';
import {
  dataTypes,
  GraphBuilder,
  makeValueInfo,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from '../onnx/index.ts';

/** Additive logit of an item that must not count as a negative of a query. */
export const maskedLogit = -1e9;

export const lossValue = 'loss';
/** Pairs not yet apart by the margin: those that still teach. Margin loss only. */
export const activePairsValue = 'active_pairs';

export interface LossHead {
  nodes: OnnxNode[];
  initializers: OnnxTensor[];
  inputs: OnnxValueInfo[];
  /** Scalars kept besides the loss. */
  outputs: string[];
}

export interface TowerEmbeddings {
  /** Unit rows [distinct query texts, dims]. */
  query: string;
  /** Unit rows [distinct item texts, dims]. */
  item: string;
}

/** The loss as a graph over both towers' rows; rows are chosen by index, so each distinct text is encoded once. */
export function createLossHead(loss: LossSpec, towers: TowerEmbeddings): LossHead {
  return loss.kind === 'contrastive' ? createContrastiveHead(loss, towers) : createMarginHead(loss, towers);
}

/**
 * `Σ w · −log softmax(s / temperature + mask)[positive]` over examples.
 * Inputs: query_rows, positive_rows int64 [examples]; example_weights float [examples, 1]; mask float [examples, items].
 */
function createContrastiveHead({ temperature }: { temperature: number }, towers: TowerEmbeddings): LossHead {
  const g = new GraphBuilder('loss:');
  const scaled = g.op('Mul', [similarities(g, towers), g.float(1 / temperature)]);
  const rows = g.op('Gather', [scaled, 'query_rows'], { attributes: { axis: 0 } });
  const logs = g.op('LogSoftmax', [g.op('Add', [rows, 'mask'])], { attributes: { axis: -1 } });
  const chosen = g.op('Mul', [logs, oneHot(g, 'positive_rows', towers.item)]);
  g.op('Neg', [g.op('ReduceSum', [g.op('Mul', [chosen, 'example_weights'])], { attributes: { keepdims: 0 } })], {
    output: lossValue,
  });
  return {
    nodes: g.nodes,
    initializers: g.initializers,
    inputs: [
      rowsInput('query_rows', 'examples'),
      rowsInput('positive_rows', 'examples'),
      makeValueInfo('example_weights', dataTypes.float, ['examples', 1]),
      makeValueInfo('mask', dataTypes.float, ['examples', 'item_rows']),
    ],
    outputs: [],
  };
}

/**
 * `Σ w · σ((margin − (s⁺ − s⁻)) / temperature)` over pairs.
 * Inputs: pair_queries, pair_positives, pair_negatives int64 [pairs]; pair_weights float [pairs, 1].
 */
function createMarginHead(loss: { margin: number; temperature: number }, towers: TowerEmbeddings): LossHead {
  const g = new GraphBuilder('loss:');
  const rows = g.op('Gather', [similarities(g, towers), 'pair_queries'], { attributes: { axis: 0 } });
  const sides = g.op('Sub', [oneHot(g, 'pair_positives', towers.item), oneHot(g, 'pair_negatives', towers.item)]);
  const gap = g.op('ReduceSum', [g.op('Mul', [rows, sides]), g.int([-1])], { attributes: { keepdims: 1 } });
  const missing = g.op('Sub', [g.float(loss.margin), gap]);
  const cost = g.op('Sigmoid', [g.op('Mul', [missing, g.float(1 / loss.temperature)])]);
  g.op('ReduceSum', [g.op('Mul', [cost, 'pair_weights'])], { attributes: { keepdims: 0 }, output: lossValue });
  const isActive = g.op('Cast', [g.op('Greater', [missing, g.float(0)])], { attributes: { to: dataTypes.float } });
  g.op('ReduceSum', [isActive], { attributes: { keepdims: 0 }, output: activePairsValue });
  return {
    nodes: g.nodes,
    initializers: g.initializers,
    inputs: [
      rowsInput('pair_queries', 'pairs'),
      rowsInput('pair_positives', 'pairs'),
      rowsInput('pair_negatives', 'pairs'),
      makeValueInfo('pair_weights', dataTypes.float, ['pairs', 1]),
    ],
    outputs: [activePairsValue],
  };
}

function similarities(g: GraphBuilder, { query, item }: TowerEmbeddings): string {
  return g.op('MatMul', [query, g.op('Transpose', [item], { attributes: { perm: [1, 0] } })]);
}

function oneHot(g: GraphBuilder, rows: string, items: string): string {
  const depth = g.op('Gather', [g.op('Shape', [items]), g.int(0)], { attributes: { axis: 0 } });
  const name = 'loss:off_on';
  const offOn = g.initializers.some((tensor) => tensor.name === name) ? name : g.init(name, [2], Float32Array.of(0, 1));
  return g.op('OneHot', [rows, depth, offOn], { attributes: { axis: -1 } });
}

const rowsInput = (name: string, size: string): OnnxValueInfo => makeValueInfo(name, dataTypes.int64, [size]);
