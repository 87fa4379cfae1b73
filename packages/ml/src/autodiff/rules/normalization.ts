import { intAttribute, type OnnxNode } from '../../onnx/index.ts';
import type { GradientContext } from '../gradient-context.ts';
import { type GradientRule, positiveAxis, unary, unsupportedForm } from '../gradient-rule.ts';

const layerNormalization: GradientRule = (ctx, node, [dy]) => {
  const [x = '', scale = '', shift] = node.input;
  if (dy === undefined) return [];
  const axis = positiveAxis(intAttribute(node, 'axis', -1), ctx.rank(x));
  if (axis !== ctx.rank(x) - 1)
    throw unsupportedForm(node, `it normalizes from axis ${axis}, not over the last axis only`);
  const { mean, inverseDeviation } = exposeStatistics(node);
  const normal = ctx.mul(ctx.sub(x, mean), inverseDeviation);
  const sumTo = (gradient: string, target: string) => ctx.reduceTo(gradient, ctx.dims(x), target);
  return [
    ctx.needs(x) ? inputGradient(ctx, { dy, scale, normal, inverseDeviation, axis }) : undefined,
    ctx.needs(scale) ? sumTo(ctx.mul(dy, normal), scale) : undefined,
    shift && ctx.needs(shift) ? sumTo(dy, shift) : undefined,
  ];
};

// The forward node can hand out the mean and 1/deviation it computed anyway.
function exposeStatistics(node: OnnxNode): { mean: string; inverseDeviation: string } {
  const mean = node.output[1] || `${node.output[0]}$mean`;
  const inverseDeviation = node.output[2] || `${node.output[0]}$inverse`;
  node.output.splice(1, 2, mean, inverseDeviation);
  return { mean, inverseDeviation };
}

function inputGradient(
  ctx: GradientContext,
  at: { dy: string; scale: string; normal: string; inverseDeviation: string; axis: number },
): string {
  const scaled = ctx.mul(at.dy, at.scale);
  const centred = ctx.sub(scaled, ctx.mean(scaled, [at.axis], 1));
  const along = ctx.mean(ctx.mul(scaled, at.normal), [at.axis], 1);
  return ctx.mul(ctx.sub(centred, ctx.mul(at.normal, along)), at.inverseDeviation);
}

const lpNormalization: GradientRule = unary((ctx, { x, y, dy, node }) => {
  const axis = positiveAxis(intAttribute(node, 'axis', -1), ctx.rank(x));
  const order = intAttribute(node, 'p', 2);
  const norm = ctx.graph.op(order === 1 ? 'ReduceL1' : 'ReduceL2', [x, ctx.graph.int([axis])]);
  const safe = ctx.graph.op('Max', [norm, ctx.graph.float(1e-12)]);
  const along = ctx.sum(ctx.mul(dy, y), [axis], 1);
  const direction = order === 1 ? ctx.graph.op('Sign', [x]) : y;
  return ctx.div(ctx.sub(dy, ctx.mul(direction, along)), safe);
});

export const normalizationRules: Readonly<Record<string, GradientRule>> = {
  LayerNormalization: layerNormalization,
  LpNormalization: lpNormalization,
};
