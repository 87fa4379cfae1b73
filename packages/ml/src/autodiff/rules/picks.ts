import { dataTypes, intAttribute, type OnnxNode } from '../../onnx/index.ts';
import type { GradientContext } from '../gradient-context.ts';
import { type GradientRule, positiveAxis, unary, unsupportedForm } from '../gradient-rule.ts';
import { sumRows } from './row-sums.ts';
import { padWithZeros } from './slice.ts';

interface Pick {
  readonly x: string;
  readonly indices: string;
  readonly dy: string;
  readonly axis: number;
}

const gather: GradientRule = (ctx, node, [dy]) => {
  const [x = '', indices = ''] = node.input;
  if (dy === undefined || !ctx.needs(x)) return [];
  const pick = { x, indices, dy, axis: positiveAxis(intAttribute(node, 'axis', 0), ctx.rank(x)) };
  if (ctx.isSparse(x)) {
    ctx.rowGradients.push(sparseRows(ctx, node, pick));
    return [];
  }
  const single = ctx.constant(indices);
  const first = single?.length === 1 ? single[0] : undefined;
  if (first !== undefined && first >= 0 && ctx.rank(indices) < 2) return [placeOne(ctx, pick, first)];
  return [gatherGradient(ctx, pick)];
};

function sparseRows(ctx: GradientContext, node: OnnxNode, { x, indices, dy, axis }: Pick) {
  if (axis !== 0 || ctx.rank(x) !== 2) throw unsupportedForm(node, 'row updates need rows of a matrix');
  return { table: x, indices, rows: dy };
}

/** One known position, such as the first token: zeros around it. */
function placeOne(ctx: GradientContext, { x, indices, dy, axis }: Pick, position: number): string {
  const { graph } = ctx;
  const slab = ctx.rank(indices) === 0 ? graph.op('Unsqueeze', [dy, graph.int([axis])]) : dy;
  const before = graph.int(Array.from({ length: ctx.rank(x) }, (_, i) => (i === axis ? position : 0)));
  const after = ctx.sub(ctx.sub(ctx.shapeOf(x), graph.op('Shape', [slab])), before);
  return padWithZeros(ctx, slab, { before, after });
}

function gatherGradient(ctx: GradientContext, { x, indices, dy, axis }: Pick): string {
  const { graph } = ctx;
  const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  const picked = ctx.rank(indices);
  const rank = ctx.rank(x);
  const front = [...range(axis, axis + picked), ...range(0, axis), ...range(axis + picked, rank - 1 + picked)];
  const moved = axis === 0 ? dy : graph.op('Transpose', [dy], { attributes: { perm: front } });
  const flat = graph.op('Reshape', [indices, graph.int([-1])]);
  const rows = rowsOf(ctx, moved, flat);
  const sums = sumRows(ctx, { indices: flat, rows, count: ctx.sizesOf(x, [axis]), fixed: ctx.fixedSize(x, axis) });
  if (axis === 0) return ctx.reshapeLike(sums, x);
  const order = [axis, ...range(0, axis), ...range(axis + 1, rank)];
  const shape = graph.op('Gather', [ctx.shapeOf(x), graph.int(order)], { attributes: { axis: 0 } });
  const back = order.map((_, i) => order.indexOf(i));
  return graph.op('Transpose', [graph.op('Reshape', [sums, shape])], { attributes: { perm: back } });
}

/** `gradient` with one row per picked position. */
function rowsOf(ctx: GradientContext, gradient: string, flat: string): string {
  const { graph } = ctx;
  const shape = graph.op('Concat', [graph.op('Shape', [flat]), graph.int([-1])], { attributes: { axis: 0 } });
  return graph.op('Reshape', [gradient, shape]);
}

const gatherNd: GradientRule = unary((ctx, { x, dy, node }) => {
  const indices = node.input[1] ?? '';
  const width = ctx.fixedSize(indices, ctx.rank(indices) - 1);
  if (intAttribute(node, 'batch_dims', 0) !== 0) throw unsupportedForm(node, 'batch_dims above 0');
  if (width === undefined) throw unsupportedForm(node, 'index tuples of varying length');
  const flat = flattenTuples(ctx, { x, indices, width });
  const lead = ctx.sizesOf(
    x,
    Array.from({ length: width }, (_, axis) => axis),
  );
  const count = ctx.graph.op('ReduceProd', [lead], { attributes: { keepdims: 1 } });
  const sums = sumRows(ctx, { indices: flat, rows: rowsOf(ctx, dy, flat), count, fixed: undefined });
  return ctx.reshapeLike(sums, x);
});

/** Index tuples as row numbers of `x` with its first `width` axes seen as one. */
function flattenTuples(
  ctx: GradientContext,
  { x, indices, width }: { x: string; indices: string; width: number },
): string {
  const { graph } = ctx;
  const axes = Array.from({ length: width }, (_, axis) => axis);
  const lead = ctx.sizesOf(x, axes);
  const wide = graph.op('Cast', [indices], { attributes: { to: dataTypes.int64 } });
  const negative = graph.op('Less', [wide, graph.int(0)]);
  const positive = graph.op('Where', [negative, ctx.add(wide, lead), wide]);
  const strides = axes.map((axis) => {
    const inner = axes.slice(axis + 1);
    return inner.length === 0
      ? graph.int([1])
      : graph.op('ReduceProd', [ctx.sizesOf(x, inner)], { attributes: { keepdims: 1 } });
  });
  const steps = graph.op('Concat', strides, { attributes: { axis: 0 } });
  return graph.op('Reshape', [ctx.sum(ctx.mul(positive, steps), [-1], 0), graph.int([-1])]);
}

/** Operators that pick entries by index. */
export const pickRules: Readonly<Record<string, GradientRule>> = { Gather: gather, GatherND: gatherNd };
