import { intAttribute } from '../../onnx/index.ts';
import { type GradientRule, positiveAxis } from '../gradient-rule.ts';
import { sliceRule } from './slice.ts';

const concat: GradientRule = (ctx, node, [dy]) => {
  if (dy === undefined) return [];
  const axis = positiveAxis(intAttribute(node, 'axis', 0), ctx.rank(node.output[0] ?? ''));
  const sizes = ctx.graph.op(
    'Concat',
    node.input.map((input) => ctx.sizesOf(input, [axis])),
    { attributes: { axis: 0 } },
  );
  const parts = ctx.graph.ops('Split', [dy, sizes], { attributes: { axis }, count: node.input.length });
  return node.input.map((input, i) => (ctx.needs(input) ? parts[i] : undefined));
};

const split: GradientRule = (ctx, node, gradients) => {
  const [x = ''] = node.input;
  if (!ctx.needs(x)) return [];
  const axis = positiveAxis(intAttribute(node, 'axis', 0), ctx.rank(x));
  const parts = node.output.map((output, i) => gradients[i] ?? ctx.zerosLike(output));
  return [ctx.graph.op('Concat', parts, { attributes: { axis } })];
};

/** Operators that join or cut tensors along axes. */
export const partRules: Readonly<Record<string, GradientRule>> = { Concat: concat, Split: split, Slice: sliceRule };
