import { graphUnsupported, intsAttribute } from '../../onnx/index.ts';
import { elementwise, type GradientRule, unary, unsupportedForm } from '../gradient-rule.ts';

const reshaped = unary((ctx, { x, dy }) => ctx.reshapeLike(dy, x));
const passed = unary((_ctx, { dy }) => dy);

export const shapeRules: Readonly<Record<string, GradientRule>> = {
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Identity: passed,
  Expand: elementwise((_ctx, { dy }) => [() => dy]),
  Cast: unary((ctx, { x, y, dy }) => {
    if (ctx.typeOf(x) === 'float32' && ctx.typeOf(y) === 'float32') return dy;
    throw graphUnsupported(`Value ${y} is ${ctx.typeOf(y)}: trained parts of a model must be float32`);
  }),
  Dropout: unary((ctx, { dy, node }) => {
    const mode = node.input[2];
    if (!mode || ctx.constant(mode)?.[0] === 0) return dy;
    throw unsupportedForm(node, 'training mode; export the model for inference');
  }),
  Transpose: unary((ctx, { x, dy, node }) => {
    const rank = ctx.rank(x);
    const order = intsAttribute(node, 'perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
    const back = order.map((_, axis) => order.indexOf(axis));
    return ctx.graph.op('Transpose', [dy], { attributes: { perm: back } });
  }),
};
