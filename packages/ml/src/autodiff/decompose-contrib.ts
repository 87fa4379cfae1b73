import { floatAttribute, type GraphBuilder, type OnnxGraph, type OnnxNode } from '../onnx/index.ts';
import { createBuilder } from './graph-values.ts';

type Decomposition = (node: OnnxNode, builder: GraphBuilder) => void;

/** Operators of ONNX Runtime's own domain that optimized exports carry, in terms of standard ones. */
const decompositions: Readonly<Record<string, Decomposition>> = {
  Gelu: (node, builder) => addGelu(node, builder, 'none'),
  BiasGelu: (node, builder) => addGelu(node, builder, 'none'),
  FastGelu: (node, builder) => addGelu(node, builder, 'tanh'),
  QuickGelu: (node, builder) => {
    const [x = ''] = node.input;
    const alpha = floatAttribute(node, 'alpha', 1.702);
    const gate = builder.op('Sigmoid', [builder.op('Mul', [x, builder.float(alpha)])]);
    builder.op('Mul', [x, gate], { output: node.output[0] });
  },
  SkipLayerNormalization: addSkipNormalization,
};

function addGelu(node: OnnxNode, builder: GraphBuilder, approximate: string): void {
  const [x = '', bias] = node.input;
  const sum = bias ? builder.op('Add', [x, bias]) : x;
  builder.op('Gelu', [sum], { attributes: { approximate }, output: node.output[0] });
}

function addSkipNormalization(node: OnnxNode, builder: GraphBuilder): void {
  const [x = '', skip = '', scale = '', shift, bias] = node.input;
  const [y = '', mean, deviation, sumOutput] = node.output;
  const biased = bias ? builder.op('Add', [x, bias]) : x;
  const sum = builder.op('Add', [biased, skip], sumOutput ? { output: sumOutput } : {});
  const attributes = { axis: -1, epsilon: { float: floatAttribute(node, 'epsilon', 1e-12) } };
  builder.op('LayerNormalization', [sum, scale, ...(shift ? [shift] : [])], { attributes, output: y });
  builder.nodes.at(-1)?.output.push(...(mean || deviation ? [mean ?? '', deviation ?? ''] : []));
}

export function decomposeContrib(graph: OnnxGraph): OnnxGraph {
  const builder = createBuilder(graph, 'std');
  const node = graph.node.flatMap((item) => {
    const decompose = item.domain === 'com.microsoft' ? decompositions[item.opType ?? ''] : undefined;
    if (!decompose) return [item];
    const before = builder.nodes.length;
    decompose(item, builder);
    return builder.nodes
      .slice(before)
      .map((made) => ({ ...made, name: `${item.name || item.output[0]}/${made.name}` }));
  });
  return { ...graph, node, initializer: [...graph.initializer, ...builder.initializers] };
}
