import { floatAttribute } from '../../onnx/index.ts';
import type { Decomposition } from './decomposition.ts';

/** With or without a bias that is added first. */
const geluOf =
  (approximate: 'none' | 'tanh'): Decomposition =>
  ({ node, builder }) => {
    const [x = '', bias] = node.input;
    const sum = bias ? builder.op('Add', [x, bias]) : x;
    builder.op('Gelu', [sum], { attributes: { approximate }, output: node.output[0] });
  };

export const gelu = geluOf('none');
export const fastGelu = geluOf('tanh');

export const quickGelu: Decomposition = ({ node, builder }) => {
  const [x = ''] = node.input;
  const alpha = floatAttribute(node, 'alpha', 1.702);
  const gate = builder.op('Sigmoid', [builder.op('Mul', [x, builder.float(alpha)])]);
  builder.op('Mul', [x, gate], { output: node.output[0] });
};
