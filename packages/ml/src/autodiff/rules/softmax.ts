import { intAttribute, type OnnxNode } from '../../onnx/index.ts';
import type { GradientContext } from '../gradient-context.ts';
import { type GradientRule, positiveAxis, unary } from '../gradient-rule.ts';

export const softmaxRules: Readonly<Record<string, GradientRule>> = {
  Softmax: unary((ctx, { x, y, dy, node }) => {
    const weighted = ctx.mul(dy, y);
    return ctx.sub(weighted, ctx.mul(y, ctx.sum(weighted, softmaxAxis(ctx, x, node), 1)));
  }),
  LogSoftmax: unary((ctx, { x, y, dy, node }) => {
    const total = ctx.sum(dy, softmaxAxis(ctx, x, node), 1);
    return ctx.sub(dy, ctx.mul(ctx.graph.op('Exp', [y]), total));
  }),
};

function softmaxAxis(ctx: GradientContext, x: string, node: OnnxNode): [number] {
  return [positiveAxis(intAttribute(node, 'axis', -1), ctx.rank(x))];
}
