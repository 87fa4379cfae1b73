import { dataTypes } from '../../onnx/index.ts';
import type { GradientContext } from '../gradient-context.ts';

/** Above this many rows a one-hot matrix costs more than scattered additions. */
const oneHotLimit = 2048;

interface RowSums {
  /** Row numbers, one axis; negative ones count from the end. */
  readonly indices: string;
  /** One row of values per entry of `indices`. */
  readonly rows: string;
  /** int64 vector with one entry: how many rows the result has. */
  readonly count: string;
  /** The same count, when it is fixed. */
  readonly fixed: number | undefined;
}

/**
 * Adds up rows that share a row number. ScatterND with addition is not used: on the CPU it loses updates when row
 * numbers repeat and more than one thread runs.
 */
export function sumRows(ctx: GradientContext, sums: RowSums): string {
  return sums.fixed !== undefined && sums.fixed > oneHotLimit ? sumByScatter(ctx, sums) : sumByProduct(ctx, sums);
}

function sumByProduct(ctx: GradientContext, { indices, rows, count }: RowSums): string {
  const { graph } = ctx;
  const zero = graph.op('Unsqueeze', [graph.float(0), graph.int([0])]);
  const one = graph.op('Unsqueeze', [graph.float(1), graph.int([0])]);
  const offOn = graph.op('Concat', [zero, one], { attributes: { axis: 0 } });
  const hot = graph.op('OneHot', [toInt64(ctx, indices), count, offOn], { attributes: { axis: -1 } });
  return graph.op('Gemm', [hot, rows], { attributes: { transA: 1 } });
}

function sumByScatter(ctx: GradientContext, { indices, rows, count }: RowSums): string {
  const { graph } = ctx;
  const width = graph.op('Gather', [graph.op('Shape', [rows]), graph.int([1])], { attributes: { axis: 0 } });
  const shape = graph.op('Concat', [count, width], { attributes: { axis: 0 } });
  const zeros = graph.op('Expand', [graph.float(0), shape]);
  const column = graph.op('Unsqueeze', [toInt64(ctx, indices), graph.int([1])]);
  const targets = graph.op('Expand', [column, graph.op('Shape', [rows])]);
  return graph.op('ScatterElements', [zeros, targets, rows], { attributes: { axis: 0, reduction: 'add' } });
}

function toInt64(ctx: GradientContext, name: string): string {
  return ctx.graph.op('Cast', [name], { attributes: { to: dataTypes.int64 } });
}
