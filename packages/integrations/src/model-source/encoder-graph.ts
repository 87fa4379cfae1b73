import { dataTypes, GraphBuilder, makeValueInfo, type OnnxModel } from '@embedding-studio/ml/onnx';

const opset = 17;
const irVersion = 8;
const maskedScore = -1e9;

interface LayerNormWeights {
  name: string;
  size: number;
  weight: Float32Array;
  bias: Float32Array;
  epsilon: number;
}

interface LinearWeights {
  name: string;
  inner: number;
  outer: number;
  /** [inner, outer] */
  weight: Float32Array;
  bias: Float32Array;
}

interface HeadShape {
  heads: number;
  headSize: number;
}

/** The parts that sentence encoders are made of, over one graph with inputs `input_ids` and `attention_mask`. */
export class EncoderGraph {
  readonly builder = new GraphBuilder();
  private readonly mask: string;
  private maskBiasName: string | undefined;

  constructor() {
    this.mask = this.builder.op('Cast', ['attention_mask'], { attributes: { to: dataTypes.float } });
  }

  add(left: string, right: string): string {
    return this.builder.op('Add', [left, right]);
  }

  multiply(left: string, right: string): string {
    return this.builder.op('Mul', [left, right]);
  }

  linear(input: string, { name, inner, outer, weight, bias }: LinearWeights): string {
    const product = this.builder.op('MatMul', [input, this.builder.init(`${name}.weight`, [inner, outer], weight)]);
    return this.add(product, this.builder.init(`${name}.bias`, [outer], bias));
  }

  layerNorm(input: string, { name, size, weight, bias, epsilon }: LayerNormWeights): string {
    const { builder } = this;
    const scale = builder.init(`${name}.weight`, [size], weight);
    const shift = builder.init(`${name}.bias`, [size], bias);
    const attributes = { axis: -1, epsilon: { float: epsilon } };
    return builder.op('LayerNormalization', [input, scale, shift], { attributes });
  }

  /** GELU by the error function, in the standard operators that ONNX Runtime and our own fusion recognise. */
  gelu(input: string): string {
    const { builder } = this;
    const scaled = builder.op('Div', [input, builder.float(Math.SQRT2)]);
    const spread = this.add(builder.op('Erf', [scaled]), builder.float(1));
    return this.multiply(this.multiply(input, spread), builder.float(0.5));
  }

  /** Positions 0..seq-1 as int64 [seq]. */
  positions(): string {
    const { builder } = this;
    const length = builder.op('Gather', [builder.op('Shape', ['input_ids']), builder.int(1)], {
      attributes: { axis: 0 },
    });
    return builder.op('Range', [builder.int(0), length, builder.int(1)]);
  }

  /** Multi-head attention over [batch, seq, heads * headSize] projections; padding gets no weight. */
  attention(projected: { query: string; key: string; value: string }, shape: HeadShape): string {
    const { builder } = this;
    const query = this.splitHeads(projected.query, { ...shape, perm: [0, 2, 1, 3] });
    const key = this.splitHeads(projected.key, { ...shape, perm: [0, 2, 3, 1] });
    const value = this.splitHeads(projected.value, { ...shape, perm: [0, 2, 1, 3] });
    const scaled = this.multiply(builder.op('MatMul', [query, key]), builder.float(1 / Math.sqrt(shape.headSize)));
    const weights = builder.op('Softmax', [this.add(scaled, this.maskBias())], { attributes: { axis: -1 } });
    const mixed = builder.op('MatMul', [weights, value]);
    const merged = builder.op('Transpose', [mixed], { attributes: { perm: [0, 2, 1, 3] } });
    return builder.op('Reshape', [merged, builder.int([0, 0, shape.heads * shape.headSize])]);
  }

  /** Mean over the real tokens: [batch, seq, size] → [batch, size]. */
  maskedMean(hidden: string): string {
    const { builder } = this;
    const mask = builder.op('Unsqueeze', [this.mask, builder.int([-1])]);
    const flat = { attributes: { keepdims: 0 } };
    const sum = builder.op('ReduceSum', [this.multiply(hidden, mask), builder.int([1])], flat);
    return builder.op('Div', [sum, builder.op('ReduceSum', [mask, builder.int([1])], flat)]);
  }

  /** Ends the graph with unit vectors named `sentence_embedding`. */
  finish(pooled: string, { name, dims }: { name: string; dims: number }): OnnxModel {
    const { builder } = this;
    const squares = builder.op('ReduceSum', [this.multiply(pooled, pooled), builder.int([-1])], {
      attributes: { keepdims: 1 },
    });
    const length = builder.op('Sqrt', [builder.op('Max', [squares, builder.float(1e-24)])]);
    builder.op('Div', [pooled, length], { output: 'sentence_embedding' });
    const tokens = (input: string) => makeValueInfo(input, dataTypes.int64, ['batch', 'seq']);
    return {
      irVersion,
      producerName: 'embedding-studio',
      opsetImport: [{ domain: '', version: opset }],
      metadataProps: [],
      graph: {
        name,
        node: builder.nodes,
        initializer: builder.initializers,
        input: [tokens('input_ids'), tokens('attention_mask')],
        output: [makeValueInfo('sentence_embedding', dataTypes.float, ['batch', dims])],
        valueInfo: [],
      },
    };
  }

  private splitHeads(input: string, { heads, headSize, perm }: HeadShape & { perm: number[] }): string {
    const split = this.builder.op('Reshape', [input, this.builder.int([0, 0, heads, headSize])]);
    return this.builder.op('Transpose', [split], { attributes: { perm } });
  }

  /** 0 for real tokens and a large negative score for padding, [batch, 1, 1, seq]. */
  private maskBias(): string {
    if (this.maskBiasName !== undefined) return this.maskBiasName;
    const { builder } = this;
    const wide = builder.op('Unsqueeze', [this.mask, builder.int([1, 2])]);
    const absent = builder.op('Sub', [builder.float(1), wide]);
    this.maskBiasName = this.multiply(absent, builder.float(maskedScore));
    return this.maskBiasName;
  }
}
