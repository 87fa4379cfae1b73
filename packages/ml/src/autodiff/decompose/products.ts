import { floatAttribute, intAttribute, textAttribute } from '../../onnx/index.ts';
import { type Decomposition, type FusedNode, refuseForm } from './decomposition.ts';

function swapLast({ builder, node, rankOf }: FusedNode, name: string): string {
  const rank = rankOf(name);
  if (rank === undefined || rank < 2)
    refuseForm(node, 'it turns a tensor whose number of axes the graph does not tell');
  const lead = Array.from({ length: rank - 2 }, (_, axis) => axis);
  return builder.op('Transpose', [name], { attributes: { perm: [...lead, rank - 1, rank - 2] } });
}

/** `alpha · A · B`, each side turned or not. */
export const fusedMatMul: Decomposition = (fused) => {
  const { node, builder } = fused;
  const [a = '', b = ''] = node.input;
  if (intAttribute(node, 'transBatchA', 0) || intAttribute(node, 'transBatchB', 0))
    refuseForm(node, 'it turns a batch axis');
  const left = intAttribute(node, 'transA', 0) ? swapLast(fused, a) : a;
  const right = intAttribute(node, 'transB', 0) ? swapLast(fused, b) : b;
  const alpha = floatAttribute(node, 'alpha', 1);
  if (alpha === 1) builder.op('MatMul', [left, right], { output: node.output[0] });
  else
    builder.op('Mul', [builder.op('MatMul', [left, right]), builder.float(alpha)], {
      output: node.output[0],
    });
};

const activations = new Set(['Relu', 'Tanh', 'Sigmoid']);

export const fusedGemm: Decomposition = ({ node, builder }) => {
  const activation = textAttribute(node, 'activation', '');
  if (!activations.has(activation)) refuseForm(node, `its activation is ${activation || 'not named'}`);
  const attributes = {
    transA: intAttribute(node, 'transA', 0),
    transB: intAttribute(node, 'transB', 0),
    alpha: { float: floatAttribute(node, 'alpha', 1) },
    beta: { float: floatAttribute(node, 'beta', 1) },
  };
  builder.op(activation, [builder.op('Gemm', node.input, { attributes })], { output: node.output[0] });
};
