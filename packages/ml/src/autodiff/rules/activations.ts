import { floatAttribute } from '../../onnx/index.ts';
import type { GradientContext } from '../gradient-context.ts';
import { type GradientRule, unary } from '../gradient-rule.ts';
import { geluRule } from './gelu.ts';

export const activationRules: Readonly<Record<string, GradientRule>> = {
  Tanh: unary((ctx, { y, dy }) => ctx.mul(dy, ctx.sub(ctx.graph.float(1), ctx.mul(y, y)))),
  Sigmoid: unary((ctx, { y, dy }) => ctx.mul(dy, ctx.mul(y, ctx.sub(ctx.graph.float(1), y)))),
  Softplus: unary((ctx, { x, dy }) => ctx.mul(dy, ctx.graph.op('Sigmoid', [x]))),
  Relu: unary((ctx, { x, dy }) => ctx.graph.op('Where', [isPositive(ctx, x), dy, ctx.graph.float(0)])),
  LeakyRelu: unary((ctx, { x, dy, node }) =>
    ctx.graph.op('Where', [isPositive(ctx, x), dy, ctx.scale(dy, floatAttribute(node, 'alpha', 0.01))]),
  ),
  Erf: unary((ctx, { x, dy }) => {
    const bell = ctx.graph.op('Exp', [ctx.neg(ctx.mul(x, x))]);
    return ctx.scale(ctx.mul(dy, bell), 2 / Math.sqrt(Math.PI));
  }),
  Gelu: geluRule,
};

function isPositive(ctx: GradientContext, x: string): string {
  return ctx.graph.op('Greater', [x, ctx.graph.float(0)]);
}
