import type { OnnxNode } from '../../onnx/index.ts';
import type { GradientContext } from '../gradient-context.ts';
import { type GradientRule, positiveAxis, unary, unsupportedForm } from '../gradient-rule.ts';

/** The gradient of a cut-out is the cut-out's gradient with zeros around it. */
export const sliceRule: GradientRule = unary((ctx, { x, y, dy, node }) => {
  const before = leadingZeros(ctx, x, node);
  const missing = ctx.sub(ctx.shapeOf(x), ctx.shapeOf(y));
  return padWithZeros(ctx, dy, { before, after: ctx.sub(missing, before) });
});

export function padWithZeros(ctx: GradientContext, gradient: string, pads: { before: string; after: string }): string {
  const both = ctx.graph.op('Concat', [pads.before, pads.after], { attributes: { axis: 0 } });
  return ctx.graph.op('Pad', [gradient, both]);
}

function leadingZeros(ctx: GradientContext, x: string, node: OnnxNode): string {
  const [, startsName = '', , axesName, stepsName] = node.input;
  const rank = ctx.rank(x);
  const steps = stepsName ? ctx.constant(stepsName) : [];
  if (!steps || steps.some((step) => step !== 1)) throw unsupportedForm(node, 'steps other than 1');
  const starts = ctx.constant(startsName);
  const axes = sliceAxes(ctx, { node, axesName, count: starts?.length ?? ctx.dims(startsName)[0] ?? 0 });
  const positive = axes.map((axis) => positiveAxis(axis, rank));
  if (starts?.every((start) => start >= 0)) {
    return ctx.graph.int(Array.from({ length: rank }, (_, axis) => starts[positive.indexOf(axis)] ?? 0));
  }
  const found = resolveStarts(ctx, startsName, ctx.sizesOf(x, positive));
  const withZero = ctx.graph.op('Concat', [found, ctx.graph.int([0])], { attributes: { axis: 0 } });
  const places = Array.from({ length: rank }, (_, axis) => positive.indexOf(axis));
  const order = places.map((place) => (place < 0 ? positive.length : place));
  return ctx.graph.op('Gather', [withZero, ctx.graph.int(order)], { attributes: { axis: 0 } });
}

function sliceAxes(
  ctx: GradientContext,
  { node, axesName, count }: { node: OnnxNode; axesName: string | undefined; count: number },
): number[] {
  if (!axesName) return Array.from({ length: count }, (_, axis) => axis);
  const axes = ctx.constant(axesName);
  if (!axes) throw unsupportedForm(node, 'its axes are computed, not constant');
  return axes;
}

/** Starts counted from the front and kept inside the axis, as Slice itself reads them. */
function resolveStarts(ctx: GradientContext, startsName: string, sizes: string): string {
  const { graph } = ctx;
  const starts = graph.op('Cast', [startsName], { attributes: { to: 7 } });
  const negative = graph.op('Less', [starts, graph.int([0])]);
  const counted = graph.op('Where', [negative, ctx.add(starts, sizes), starts]);
  return graph.op('Max', [graph.op('Min', [counted, sizes]), graph.int([0])]);
}
