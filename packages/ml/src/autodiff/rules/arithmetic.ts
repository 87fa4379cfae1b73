import { elementwise, type GradientRule, unary } from '../gradient-rule.ts';
import { powerRule } from './power.ts';

export const arithmeticRules: Readonly<Record<string, GradientRule>> = {
  Add: elementwise((_ctx, { dy }) => [() => dy, () => dy]),
  Sub: elementwise((ctx, { dy }) => [() => dy, () => ctx.neg(dy)]),
  Mul: elementwise((ctx, { a, b, dy }) => [() => ctx.mul(dy, b), () => ctx.mul(dy, a)]),
  Div: elementwise((ctx, { b, y, dy }) => [() => ctx.div(dy, b), () => ctx.neg(ctx.div(ctx.mul(dy, y), b))]),
  Sum: elementwise((_ctx, { dy, node }) => node.input.map(() => () => dy)),
  Where: elementwise((ctx, { a, dy }) => [
    undefined,
    () => ctx.graph.op('Where', [a, dy, ctx.graph.float(0)]),
    () => ctx.graph.op('Where', [a, ctx.graph.float(0), dy]),
  ]),
  Pow: powerRule,
  Neg: unary((ctx, { dy }) => ctx.neg(dy)),
  Sqrt: unary((ctx, { y, dy }) => ctx.div(ctx.scale(dy, 0.5), y)),
  Exp: unary((ctx, { y, dy }) => ctx.mul(dy, y)),
  Log: unary((ctx, { x, dy }) => ctx.div(dy, x)),
  Reciprocal: unary((ctx, { y, dy }) => ctx.neg(ctx.mul(dy, ctx.mul(y, y)))),
  Sin: unary((ctx, { x, dy }) => ctx.mul(dy, ctx.graph.op('Cos', [x]))),
  Cos: unary((ctx, { x, dy }) => ctx.neg(ctx.mul(dy, ctx.graph.op('Sin', [x])))),
  Abs: unary((ctx, { x, dy }) => ctx.mul(dy, ctx.graph.op('Sign', [x]))),
};
