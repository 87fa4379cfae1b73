import type { GraphBuilder } from '../../onnx/index.ts';
import {
  floatsInput,
  type LossTerm,
  oneHot,
  rowsInput,
  scaledRows,
  type TowerEmbeddings,
  weightedSum,
} from './loss-parts.ts';

/**
 * `Σ w · −log softmax(s / temperature + mask)[positive]` over examples.
 * Inputs: query_rows, positive_rows int64 [examples]; example_weights float [examples, 1]; mask float [examples, items].
 */
export function infoNce(g: GraphBuilder, { temperature }: { temperature: number }, towers: TowerEmbeddings): LossTerm {
  const rows = scaledRows(g, towers, { queryRows: 'query_rows', temperature });
  const logs = g.op('LogSoftmax', [g.op('Add', [rows, 'mask'])], { attributes: { axis: -1 } });
  const chosen = g.op('Mul', [logs, oneHot(g, 'positive_rows', towers.item)]);
  return {
    value: g.op('Neg', [weightedSum(g, chosen, 'example_weights')]),
    inputs: [
      rowsInput('query_rows', 'examples'),
      rowsInput('positive_rows', 'examples'),
      floatsInput('example_weights', ['examples', 1]),
      floatsInput('mask', ['examples', 'item_rows']),
    ],
  };
}
