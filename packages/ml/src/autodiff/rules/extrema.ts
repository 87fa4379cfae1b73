import type { GradientContext } from '../gradient-context.ts';
import { elementwise, type GradientRule, unary } from '../gradient-rule.ts';

/** Max and Min: inputs that tie share the gradient equally. */
const extremum: GradientRule = elementwise((ctx, { y, dy, node }) => {
  let share: string | undefined;
  const shareOnce = () => {
    share ??= shareAmong(ctx, { y, dy, inputs: node.input });
    return share;
  };
  return node.input.map((input) => () => ctx.mul(hits(ctx, input, y), shareOnce()));
});

function shareAmong(ctx: GradientContext, { y, dy, inputs }: { y: string; dy: string; inputs: string[] }): string {
  return ctx.div(
    dy,
    inputs.map((input) => hits(ctx, input, y)).reduce((total, one) => ctx.add(total, one)),
  );
}

function hits(ctx: GradientContext, input: string, y: string): string {
  return ctx.toFloat(ctx.graph.op('Equal', [input, y]));
}

export const extremaRules: Readonly<Record<string, GradientRule>> = {
  Max: extremum,
  Min: extremum,
  Clip: unary((ctx, { x, y, dy }) => ctx.graph.op('Where', [ctx.graph.op('Equal', [x, y]), dy, ctx.graph.float(0)])),
};
