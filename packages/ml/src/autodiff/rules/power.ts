import type { GradientContext } from '../gradient-context.ts';
import { type ElementwiseCase, elementwise, type GradientRule } from '../gradient-rule.ts';

export const powerRule: GradientRule = elementwise((ctx, at) => [
  () => baseGradient(ctx, at),
  () => ctx.mul(at.dy, ctx.mul(at.y, ctx.graph.op('Log', [at.a]))),
]);

function baseGradient(ctx: GradientContext, { a, b, dy }: ElementwiseCase): string {
  const known = ctx.constant(b);
  const exponent = known?.length === 1 ? known[0] : undefined;
  if (exponent === 2) return ctx.mul(dy, ctx.add(a, a));
  if (exponent !== undefined) {
    const slope = ctx.scale(ctx.graph.op('Pow', [a, ctx.graph.float(exponent - 1)]), exponent);
    return ctx.mul(dy, slope);
  }
  const power = ctx.typeOf(b) === 'float32' ? b : ctx.toFloat(b);
  const lower = ctx.graph.op('Pow', [a, ctx.sub(power, ctx.graph.float(1))]);
  return ctx.mul(dy, ctx.mul(power, lower));
}
