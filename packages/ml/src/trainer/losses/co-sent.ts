import type { GraphBuilder } from '../../onnx/index.ts';
import {
  floatsInput,
  type LossTerm,
  oneHot,
  rowsInput,
  scaledRows,
  sumEachRow,
  type TowerEmbeddings,
  weightedSum,
} from './loss-parts.ts';

/**
 * `Σ w · ln(1 + Σ over the list's pairs of e^((s_worse − s_better) / temperature))` over lists.
 * Inputs: order_queries, order_better, order_worse int64 [orders]; order_lists float [lists, 1 + orders], 0 where the
 * pair belongs to the list and in the first column, else masked; order_weights float [lists, 1].
 */
export function coSent(g: GraphBuilder, { temperature }: { temperature: number }, towers: TowerEmbeddings): LossTerm {
  const rows = scaledRows(g, towers, { queryRows: 'order_queries', temperature });
  const sides = g.op('Sub', [oneHot(g, 'order_worse', towers.item), oneHot(g, 'order_better', towers.item)]);
  const gaps = g.op('Reshape', [sumEachRow(g, g.op('Mul', [rows, sides])), g.int([-1])]);
  const name = 'loss:zero';
  const zero = g.initializers.some((tensor) => tensor.name === name) ? name : g.init(name, [1], Float32Array.of(0));
  const terms = g.op('Add', ['order_lists', g.op('Concat', [zero, gaps], { attributes: { axis: 0 } })]);
  const logs = g.op('ReduceLogSumExp', [terms, g.int([-1])], { attributes: { keepdims: 1 } });
  return {
    value: weightedSum(g, logs, 'order_weights'),
    inputs: [
      rowsInput('order_queries', 'orders'),
      rowsInput('order_better', 'orders'),
      rowsInput('order_worse', 'orders'),
      floatsInput('order_lists', ['lists', 'orders_and_one']),
      floatsInput('order_weights', ['lists', 1]),
    ],
  };
}
