import { dataTypes, intAttribute, type OnnxNode } from '../../onnx/index.ts';
import type { GradientContext } from '../gradient-context.ts';
import { type GradientRule, positiveAxis, type UnaryCase, unary, unsupportedForm } from '../gradient-rule.ts';

export const reductionRules: Readonly<Record<string, GradientRule>> = {
  ReduceSum: unary((ctx, at) => spread(ctx, at, at.dy)),
  ReduceMean: unary((ctx, at) => spread(ctx, at, ctx.div(at.dy, countReduced(ctx, at)))),
  ReduceL1: unary((ctx, at) => ctx.mul(ctx.graph.op('Sign', [at.x]), keepAxes(ctx, at, at.dy))),
  ReduceL2: unary((ctx, at) => {
    const norm = ctx.graph.op('Max', [at.y, ctx.graph.float(1e-12)]);
    return ctx.mul(at.x, keepAxes(ctx, at, ctx.div(at.dy, norm)));
  }),
  ReduceSumSquare: unary((ctx, at) => ctx.mul(at.x, ctx.scale(keepAxes(ctx, at, at.dy), 2))),
  ReduceLogSumExp: unary((ctx, at) => {
    const share = ctx.graph.op('Exp', [ctx.sub(at.x, keepAxes(ctx, at, at.y))]);
    return ctx.mul(share, keepAxes(ctx, at, at.dy));
  }),
  ReduceMax: unary(extremeGradient),
  ReduceMin: unary(extremeGradient),
};

// Elements that tie for the extreme share the gradient equally.
function extremeGradient(ctx: GradientContext, at: UnaryCase): string {
  const hits = ctx.toFloat(ctx.graph.op('Equal', [at.x, keepAxes(ctx, at, at.y)]));
  const share = ctx.div(keepAxes(ctx, at, at.dy), ctx.sum(hits, reducedAxes(ctx, at), 1));
  return ctx.mul(hits, share);
}

function reducedAxes(ctx: GradientContext, { x, node }: { x: string; node: OnnxNode }): number[] {
  const rank = ctx.rank(x);
  const given = node.input[1] ? ctx.constant(node.input[1]) : [];
  if (!given) throw unsupportedForm(node, 'its axes are computed, not constant');
  if (given.length > 0) return given.map((axis) => positiveAxis(axis, rank));
  const none = intAttribute(node, 'noop_with_empty_axes', 0) === 1;
  return none ? [] : Array.from({ length: rank }, (_, axis) => axis);
}

/** Gives a reduced value its dropped axes back, with size 1. */
function keepAxes(ctx: GradientContext, at: UnaryCase, reduced: string): string {
  const axes = reducedAxes(ctx, at);
  if (intAttribute(at.node, 'keepdims', 1) === 1 || axes.length === 0) return reduced;
  return ctx.graph.op('Unsqueeze', [reduced, ctx.graph.int(axes)]);
}

function spread(ctx: GradientContext, at: UnaryCase, reduced: string): string {
  return ctx.graph.op('Expand', [keepAxes(ctx, at, reduced), ctx.shapeOf(at.x)]);
}

/** How many elements went into one, as a float32 scalar. */
function countReduced(ctx: GradientContext, at: UnaryCase): string {
  const axes = reducedAxes(ctx, at);
  const sizes = axes.map((axis) => ctx.fixedSize(at.x, axis));
  if (sizes.every((size) => size !== undefined)) return ctx.graph.float(sizes.reduce((a, b) => a * b, 1));
  const count = ctx.graph.op('ReduceProd', [ctx.sizesOf(at.x, axes)], { attributes: { keepdims: 0 } });
  return ctx.graph.op('Cast', [count], { attributes: { to: dataTypes.float } });
}
