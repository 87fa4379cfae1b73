import type { GraphBuilder } from '../../onnx/index.ts';
import { floatsInput, type LossTerm, rowsInput, sumEachRow, type TowerEmbeddings, weightedSum } from './loss-parts.ts';

/**
 * `Σ w · (1 − cos(row, target))` over anchor texts, which are rows of the item tower.
 * Inputs: anchor_rows int64 [anchors]; anchor_targets float [anchors, dims], unit rows; anchor_weights float [anchors, 1].
 */
export function anchorCosine(g: GraphBuilder, { item }: TowerEmbeddings): LossTerm {
  const rows = g.op('Gather', [item, 'anchor_rows'], { attributes: { axis: 0 } });
  const along = sumEachRow(g, g.op('Mul', [rows, 'anchor_targets']));
  const length = g.op('ReduceL2', [rows, g.int([-1])], { attributes: { keepdims: 1 } });
  const apart = g.op('Sub', [g.float(1), g.op('Div', [along, length])]);
  return {
    value: weightedSum(g, apart, 'anchor_weights'),
    inputs: [
      rowsInput('anchor_rows', 'anchors'),
      floatsInput('anchor_targets', ['anchors', 'dims']),
      floatsInput('anchor_weights', ['anchors', 1]),
    ],
  };
}
