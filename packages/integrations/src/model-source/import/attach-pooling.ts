import { pruneGraph } from '@embedding-studio/ml/autodiff';
import {
  dataTypes,
  GraphBuilder,
  makeValueInfo,
  type OnnxGraph,
  type OnnxModel,
  opsetOf,
} from '@embedding-studio/ml/onnx';
import type { TextEncoderOptions } from '../encoders/build-text-encoder.ts';

const target = 'sentence_embedding';

export interface EncoderOutput {
  name: string;
  /** 3 = vectors of tokens, 2 = vectors of texts. */
  rank: 2 | 3;
}

/** Operators in the form that the model's own operator set has: lists moved from attributes to inputs at 13 and 18. */
class OpsetBuilder extends GraphBuilder {
  constructor(private readonly opset: number) {
    super('$pool_');
  }

  reduce(opType: 'ReduceSum' | 'ReduceMax', x: string, { axis, keepdims }: { axis: number; keepdims: number }): string {
    const isInput = this.opset >= (opType === 'ReduceSum' ? 13 : 18);
    if (isInput) return this.op(opType, [x, this.int([axis])], { attributes: { keepdims } });
    return this.op(opType, [x], { attributes: { axes: [axis], keepdims } });
  }

  /** The mask as float32 [batch, seq, 1]. */
  tallMask(): string {
    const mask = this.op('Cast', ['attention_mask'], { attributes: { to: dataTypes.float } });
    if (this.opset >= 13) return this.op('Unsqueeze', [mask, this.int([-1])]);
    return this.op('Unsqueeze', [mask], { attributes: { axes: [2] } });
  }
}

function pool(builder: OpsetBuilder, hidden: string, pooling: TextEncoderOptions['pooling']): string {
  if (pooling === 'cls') return builder.op('Gather', [hidden, builder.int(0)], { attributes: { axis: 1 } });
  const mask = builder.tallMask();
  const flat = { axis: 1, keepdims: 0 };
  if (pooling === 'mean') {
    const sum = builder.reduce('ReduceSum', builder.op('Mul', [hidden, mask]), flat);
    return builder.op('Div', [sum, builder.reduce('ReduceSum', mask, flat)]);
  }
  const absent = builder.op('Mul', [builder.op('Sub', [mask, builder.float(1)]), builder.float(1e9)]);
  return builder.reduce('ReduceMax', builder.op('Add', [hidden, absent]), flat);
}

function addDense(builder: OpsetBuilder, input: string, options: TextEncoderOptions): string {
  return options.dense.reduce((value, { tensors, inner, outer, hasBias, activation }, index) => {
    const weight = tensors.get('linear.weight')?.values ?? new Float32Array();
    const turned = Float32Array.from(weight, (_, i) => weight[(i % outer) * inner + Math.floor(i / outer)] ?? 0);
    const product = builder.op('MatMul', [value, builder.init(`dense.${index}.weight`, [inner, outer], turned)]);
    const bias = tensors.get('linear.bias')?.values ?? new Float32Array(outer);
    const raised = hasBias ? builder.op('Add', [product, builder.init(`dense.${index}.bias`, [outer], bias)]) : product;
    return activation === 'tanh' ? builder.op('Tanh', [raised]) : raised;
  }, input);
}

// An export may use the name for vectors that are not of unit length yet.
function freeName(graph: OnnxGraph, name: string): OnnxGraph {
  const rename = (value: string) => (value === name ? `${name}_raw` : value);
  const node = graph.node.map((item) => ({ ...item, input: item.input.map(rename), output: item.output.map(rename) }));
  return { ...graph, node };
}

/** The export with pooling, dense layers and unit length behind the given output, and nothing that these do not need. */
export function attachPooling(
  model: OnnxModel,
  output: EncoderOutput,
  { options, dims }: { options: TextEncoderOptions; dims: number },
): OnnxModel {
  const builder = new OpsetBuilder(opsetOf(model));
  const graph = freeName(model.graph, target);
  const name = output.name === target ? `${target}_raw` : output.name;
  const pooled = output.rank === 3 ? addDense(builder, pool(builder, name, options.pooling), options) : name;
  const squares = builder.reduce('ReduceSum', builder.op('Mul', [pooled, pooled]), { axis: 1, keepdims: 1 });
  const length = builder.op('Sqrt', [builder.op('Max', [squares, builder.float(1e-24)])]);
  builder.op('Div', [pooled, length], { output: target });
  const whole = {
    ...graph,
    node: [...graph.node, ...builder.nodes],
    initializer: [...graph.initializer, ...builder.initializers],
    output: [makeValueInfo(target, dataTypes.float, ['batch', dims])],
  };
  return { ...model, graph: pruneGraph(whole) };
}
