import { dataTypes, type GraphBuilder, makeValueInfo, type OnnxValueInfo } from '../../onnx/index.ts';

/** Additive logit of what must not count. */
export const maskedLogit = -1e9;

export interface TowerEmbeddings {
  /** Unit rows [distinct query texts, dims]. */
  query: string;
  /** Unit rows [distinct item texts, dims]. */
  item: string;
}

/** One summand of a loss in the graph that is being built. */
export interface LossTerm {
  /** A scalar; weights and coefficients come in by its inputs. */
  value: string;
  inputs: OnnxValueInfo[];
}

export function similarities(g: GraphBuilder, { query, item }: TowerEmbeddings): string {
  return g.op('MatMul', [query, g.op('Transpose', [item], { attributes: { perm: [1, 0] } })]);
}

/** Rows of the similarity matrix, one per entry of `queryRows`, over `temperature`. */
export function scaledRows(
  g: GraphBuilder,
  towers: TowerEmbeddings,
  { queryRows, temperature }: { queryRows: string; temperature: number },
): string {
  const scaled = g.op('Mul', [similarities(g, towers), g.float(1 / temperature)]);
  return g.op('Gather', [scaled, queryRows], { attributes: { axis: 0 } });
}

/** 1 at the given item row of each entry, 0 elsewhere: [entries, items]. */
export function oneHot(g: GraphBuilder, rows: string, items: string): string {
  const depth = g.op('Gather', [g.op('Shape', [items]), g.int(0)], { attributes: { axis: 0 } });
  const name = 'loss:off_on';
  const offOn = g.initializers.some((tensor) => tensor.name === name) ? name : g.init(name, [2], Float32Array.of(0, 1));
  return g.op('OneHot', [rows, depth, offOn], { attributes: { axis: -1 } });
}

/** Σ of a column times its weights. */
export function weightedSum(g: GraphBuilder, column: string, weights: string): string {
  return g.op('ReduceSum', [g.op('Mul', [column, weights])], { attributes: { keepdims: 0 } });
}

export function sumEachRow(g: GraphBuilder, matrix: string): string {
  return g.op('ReduceSum', [matrix, g.int([-1])], { attributes: { keepdims: 1 } });
}

export const rowsInput = (name: string, size: string): OnnxValueInfo => makeValueInfo(name, dataTypes.int64, [size]);

export const floatsInput = (name: string, dims: readonly (string | number)[]): OnnxValueInfo =>
  makeValueInfo(name, dataTypes.float, [...dims]);
