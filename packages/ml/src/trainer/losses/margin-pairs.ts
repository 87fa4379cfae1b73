import { dataTypes, type GraphBuilder } from '../../onnx/index.ts';
import {
  floatsInput,
  type LossTerm,
  oneHot,
  rowsInput,
  similarities,
  sumEachRow,
  type TowerEmbeddings,
  weightedSum,
} from './loss-parts.ts';

/** Pairs not yet apart by the margin: those that still teach. Margin loss only. */
export const activePairsValue = 'active_pairs';

/**
 * `Σ w · σ((margin − (s⁺ − s⁻)) / temperature)` over pairs.
 * Inputs: pair_queries, pair_positives, pair_negatives int64 [pairs]; pair_weights float [pairs, 1].
 */
export function marginPairs(
  g: GraphBuilder,
  loss: { margin: number; temperature: number },
  towers: TowerEmbeddings,
): LossTerm & { missing: string } {
  const rows = g.op('Gather', [similarities(g, towers), 'pair_queries'], { attributes: { axis: 0 } });
  const sides = g.op('Sub', [oneHot(g, 'pair_positives', towers.item), oneHot(g, 'pair_negatives', towers.item)]);
  const gap = sumEachRow(g, g.op('Mul', [rows, sides]));
  const missing = g.op('Sub', [g.float(loss.margin), gap]);
  const cost = g.op('Sigmoid', [g.op('Mul', [missing, g.float(1 / loss.temperature)])]);
  return {
    value: weightedSum(g, cost, 'pair_weights'),
    missing,
    inputs: [
      rowsInput('pair_queries', 'pairs'),
      rowsInput('pair_positives', 'pairs'),
      rowsInput('pair_negatives', 'pairs'),
      floatsInput('pair_weights', ['pairs', 1]),
    ],
  };
}

/** Counts the pairs whose gap is still short of the margin. */
export function countActive(g: GraphBuilder, missing: string): string {
  const isActive = g.op('Cast', [g.op('Greater', [missing, g.float(0)])], { attributes: { to: dataTypes.float } });
  return g.op('ReduceSum', [isActive], { attributes: { keepdims: 0 }, output: activePairsValue });
}
