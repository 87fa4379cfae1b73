import { dataTypes, floatAttribute } from '../../onnx/index.ts';
import { type Decomposition, type FusedNode, refuseForm, requireAbsent } from './decomposition.ts';

/** Sum of an input, a residual and a bias, under its own name where the node hands it out. */
function addResidual({ node, builder }: FusedNode, bias: string | undefined): string {
  const [x = '', skip = ''] = node.input;
  const biased = bias ? builder.op('Add', [x, bias]) : x;
  return builder.op('Add', [biased, skip], node.output[3] ? { output: node.output[3] } : {});
}

export const skipLayerNormalization: Decomposition = (fused) => {
  const { node, builder } = fused;
  const [, , scale = '', shift, bias] = node.input;
  const [y = '', mean, deviation] = node.output;
  const sum = addResidual(fused, bias);
  const attributes = { axis: -1, epsilon: { float: floatAttribute(node, 'epsilon', 1e-12) } };
  builder.op('LayerNormalization', [sum, scale, ...(shift ? [shift] : [])], { attributes, output: y });
  builder.nodes.at(-1)?.output.push(...(mean || deviation ? [mean ?? '', deviation ?? ''] : []));
};

/** Division by the root of the mean square: no centring and no shift. */
function addRootMeanSquare(
  { node, builder }: FusedNode,
  { x, scale, epsilon }: { x: string; scale: string; epsilon: number },
): void {
  if (node.output[1] || node.output[2]) refuseForm(node, 'it hands out its statistics');
  const mean = builder.op('ReduceMean', [builder.op('Mul', [x, x]), builder.int([-1])], {
    attributes: { keepdims: 1 },
  });
  const root = builder.op('Sqrt', [builder.op('Add', [mean, builder.float(floatAttribute(node, 'epsilon', epsilon))])]);
  builder.op('Mul', [builder.op('Div', [x, root]), scale], { output: node.output[0] });
}

export const simplifiedLayerNormalization: Decomposition = (fused) => {
  const [x = '', scale = ''] = fused.node.input;
  addRootMeanSquare(fused, { x, scale, epsilon: 1e-5 });
};

export const skipSimplifiedLayerNormalization: Decomposition = (fused) => {
  const [, , scale = '', bias] = fused.node.input;
  addRootMeanSquare(fused, { x: addResidual(fused, bias), scale, epsilon: 1e-12 });
};

/** Words, positions and segments looked up, summed and normalised; the mask's row sums as lengths. */
export const embedLayerNormalization: Decomposition = (fused) => {
  const { node, builder } = fused;
  const [ids = '', segments, words = '', positions = '', segmentTable, scale = '', shift = '', mask, places] =
    node.input;
  const [y = '', lengths, sumOutput] = node.output;
  requireAbsent(node, { 9: 'an input that is not known here' });
  const length = builder.op('Gather', [builder.op('Shape', [ids]), builder.int(1)], { attributes: { axis: 0 } });
  const range = () => builder.op('Range', [builder.int(0), length, builder.int(1)]);
  const looked = builder.op('Gather', [words, ids]);
  const typed =
    segments && segmentTable ? builder.op('Add', [looked, builder.op('Gather', [segmentTable, segments])]) : looked;
  const placed = builder.op('Gather', [positions, places || range()]);
  const sum = builder.op('Add', [typed, placed], sumOutput ? { output: sumOutput } : {});
  const attributes = { axis: -1, epsilon: { float: floatAttribute(node, 'epsilon', 1e-12) } };
  if (lengths && mask) addLengths(fused, mask, lengths);
  builder.op('LayerNormalization', [sum, scale, shift], { attributes, output: y });
};

function addLengths({ builder }: FusedNode, mask: string, output: string): void {
  const wide = builder.op('Cast', [mask], { attributes: { to: dataTypes.int64 } });
  const count = builder.op('ReduceSum', [wide, builder.int([1])], { attributes: { keepdims: 0 } });
  builder.op('Cast', [count], { attributes: { to: dataTypes.int32 }, output });
}
