import { textAttribute } from '../../onnx/index.ts';
import type { GradientContext } from '../gradient-context.ts';
import { type GradientRule, unary } from '../gradient-rule.ts';

export const geluRule: GradientRule = unary((ctx, { x, dy, node }) => {
  const tanh = textAttribute(node, 'approximate', 'none') === 'tanh';
  return ctx.mul(dy, tanh ? tanhSlope(ctx, x) : erfSlope(ctx, x));
});

/** Normal distribution function plus x times its density. */
function erfSlope(ctx: GradientContext, x: string): string {
  const { graph } = ctx;
  const t = ctx.scale(x, Math.SQRT1_2);
  const below = ctx.scale(ctx.add(graph.op('Erf', [t]), graph.float(1)), 0.5);
  const density = ctx.scale(graph.op('Exp', [ctx.scale(ctx.mul(t, t), -1)]), 1 / Math.sqrt(2 * Math.PI));
  return ctx.add(below, ctx.mul(x, density));
}

const cubic = 0.044715;
const outer = Math.sqrt(2 / Math.PI);

function tanhSlope(ctx: GradientContext, x: string): string {
  const { graph } = ctx;
  const one = graph.float(1);
  const square = ctx.mul(x, x);
  const t = graph.op('Tanh', [ctx.scale(ctx.mul(x, ctx.add(one, ctx.scale(square, cubic))), outer)]);
  const innerSlope = ctx.scale(ctx.add(one, ctx.scale(square, 3 * cubic)), outer);
  const bend = ctx.mul(ctx.mul(x, ctx.sub(one, ctx.mul(t, t))), innerSlope);
  return ctx.scale(ctx.add(ctx.add(one, t), bend), 0.5);
}
