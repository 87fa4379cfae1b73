import { StudioError } from '@embedding-studio/contracts';
import { GraphBuilder, type OnnxGraph, type OnnxModel } from '@embedding-studio/ml/onnx';

const opset = 17;
const irVersion = 8;
const tanhCubic = 0.044715;

export interface LayerNormWeights {
  name: string;
  size: number;
  weight: Float32Array;
  bias: Float32Array;
  epsilon: number;
}

export interface LinearWeights {
  name: string;
  inner: number;
  outer: number;
  /** [inner, outer] */
  weight: Float32Array;
  /** None where the checkpoint has none. */
  bias: Float32Array | null;
}

export interface AttentionShape {
  heads: number;
  headSize: number;
  /** Added to the scores before the softmax; none where every token sees every other. */
  bias: string | null;
}

/** The parts that encoders of texts and images are made of, in standard operators of opset 17. */
export class GraphBlocks {
  readonly builder = new GraphBuilder();

  add(left: string, right: string): string {
    return this.builder.op('Add', [left, right]);
  }

  multiply(left: string, right: string): string {
    return this.builder.op('Mul', [left, right]);
  }

  linear(input: string, { name, inner, outer, weight, bias }: LinearWeights): string {
    const product = this.builder.op('MatMul', [input, this.builder.init(`${name}.weight`, [inner, outer], weight)]);
    return bias === null ? product : this.add(product, this.builder.init(`${name}.bias`, [outer], bias));
  }

  layerNorm(input: string, { name, size, weight, bias, epsilon }: LayerNormWeights): string {
    const { builder } = this;
    const scale = builder.init(`${name}.weight`, [size], weight);
    const shift = builder.init(`${name}.bias`, [size], bias);
    const attributes = { axis: -1, epsilon: { float: epsilon } };
    return builder.op('LayerNormalization', [input, scale, shift], { attributes });
  }

  /** An activation by the name that `config.json` gives it. @throws StudioError MODEL_INVALID for an unknown one. */
  activation(input: string, name: string): string {
    const { builder } = this;
    if (name === 'gelu') return this.gelu(input);
    if (name === 'gelu_new' || name === 'gelu_pytorch_tanh' || name === 'gelu_fast') return this.tanhGelu(input);
    if (name === 'relu') return builder.op('Relu', [input]);
    if (name === 'tanh') return builder.op('Tanh', [input]);
    if (name === 'quick_gelu')
      return this.multiply(input, builder.op('Sigmoid', [this.multiply(input, builder.float(1.702))]));
    throw new StudioError('MODEL_INVALID', `config.json names the activation ${name}, which is not known here.`);
  }

  /** GELU by the error function, in the standard operators that ONNX Runtime and our own fusion recognise. */
  gelu(input: string): string {
    const { builder } = this;
    const scaled = builder.op('Div', [input, builder.float(Math.SQRT2)]);
    const spread = this.add(builder.op('Erf', [scaled]), builder.float(1));
    return this.multiply(this.multiply(input, spread), builder.float(0.5));
  }

  /** Multi-head attention over [batch, seq, heads * headSize] projections. */
  attention(projected: { query: string; key: string; value: string }, shape: AttentionShape): string {
    const { builder } = this;
    const query = this.splitHeads(projected.query, shape, [0, 2, 1, 3]);
    const key = this.splitHeads(projected.key, shape, [0, 2, 3, 1]);
    const value = this.splitHeads(projected.value, shape, [0, 2, 1, 3]);
    const scaled = this.multiply(builder.op('MatMul', [query, key]), builder.float(1 / Math.sqrt(shape.headSize)));
    const scores = shape.bias === null ? scaled : this.add(scaled, shape.bias);
    const mixed = builder.op('MatMul', [builder.op('Softmax', [scores], { attributes: { axis: -1 } }), value]);
    const merged = builder.op('Transpose', [mixed], { attributes: { perm: [0, 2, 1, 3] } });
    return builder.op('Reshape', [merged, builder.int([0, 0, shape.heads * shape.headSize])]);
  }

  /** Vectors of length 1 under the name of the output. */
  unitLength(vectors: string, output: string): void {
    const { builder } = this;
    const squares = builder.op('ReduceSum', [this.multiply(vectors, vectors), builder.int([-1])], {
      attributes: { keepdims: 1 },
    });
    const length = builder.op('Sqrt', [builder.op('Max', [squares, builder.float(1e-24)])]);
    builder.op('Div', [vectors, length], { output });
  }

  protected createModel(name: string, ends: Pick<OnnxGraph, 'input' | 'output'>): OnnxModel {
    const { nodes: node, initializers: initializer } = this.builder;
    return {
      irVersion,
      producerName: 'embedding-studio',
      opsetImport: [{ domain: '', version: opset }],
      metadataProps: [],
      graph: { name, node, initializer, ...ends, valueInfo: [] },
    };
  }

  private tanhGelu(input: string): string {
    const { builder } = this;
    const cube = this.multiply(this.multiply(input, input), input);
    const inner = this.add(input, this.multiply(cube, builder.float(tanhCubic)));
    const bent = builder.op('Tanh', [this.multiply(inner, builder.float(Math.sqrt(2 / Math.PI)))]);
    return this.multiply(this.multiply(input, this.add(bent, builder.float(1))), builder.float(0.5));
  }

  private splitHeads(input: string, { heads, headSize }: AttentionShape, perm: number[]): string {
    const split = this.builder.op('Reshape', [input, this.builder.int([0, 0, heads, headSize])]);
    return this.builder.op('Transpose', [split], { attributes: { perm } });
  }
}
