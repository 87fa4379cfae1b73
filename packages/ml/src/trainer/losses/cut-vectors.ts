import type { GraphBuilder } from '../../onnx/index.ts';
import type { TowerEmbeddings } from './loss-parts.ts';

/** Both towers' rows cut to their first `dims` values and brought to unit length again. */
export function cutVectors(g: GraphBuilder, towers: TowerEmbeddings, dims: number): TowerEmbeddings {
  return { query: cutRows(g, towers.query, dims), item: cutRows(g, towers.item, dims) };
}

function cutRows(g: GraphBuilder, rows: string, dims: number): string {
  const cut = g.op('Slice', [rows, g.int([0]), g.int([dims]), g.int([1])]);
  return g.op('Div', [cut, g.op('ReduceL2', [cut, g.int([-1])], { attributes: { keepdims: 1 } })]);
}
