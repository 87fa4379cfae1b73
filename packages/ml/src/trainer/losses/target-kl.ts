import type { GraphBuilder } from '../../onnx/index.ts';
import {
  floatsInput,
  type LossTerm,
  rowsInput,
  scaledRows,
  sumEachRow,
  type TowerEmbeddings,
  weightedSum,
} from './loss-parts.ts';

/** Two such terms may stand in one loss: their inputs are told apart by this. */
export type TargetName = 'graded' | 'teacher';

/** Far below any target that float32 can tell from 0. */
const targetMin = 1e-30;

/**
 * `Σ w · KL(targets ‖ softmax(s / temperature + mask))` over rows.
 * Inputs, after the name: _queries int64 [rows]; _targets (each row sums to 1) and _mask float [rows, items]; _weights
 * float [rows, 1].
 */
export function targetKl(
  g: GraphBuilder,
  { name, temperature }: { name: TargetName; temperature: number },
  towers: TowerEmbeddings,
): LossTerm {
  const rows = scaledRows(g, towers, { queryRows: `${name}_queries`, temperature });
  const logs = g.op('LogSoftmax', [g.op('Add', [rows, `${name}_mask`])], { attributes: { axis: -1 } });
  const wanted = g.op('Log', [g.op('Max', [`${name}_targets`, g.float(targetMin)])]);
  const each = g.op('Mul', [`${name}_targets`, g.op('Sub', [wanted, logs])]);
  return {
    value: weightedSum(g, sumEachRow(g, each), `${name}_weights`),
    inputs: [
      rowsInput(`${name}_queries`, `${name}_rows`),
      floatsInput(`${name}_targets`, [`${name}_rows`, 'item_rows']),
      floatsInput(`${name}_mask`, [`${name}_rows`, 'item_rows']),
      floatsInput(`${name}_weights`, [`${name}_rows`, 1]),
    ],
  };
}
