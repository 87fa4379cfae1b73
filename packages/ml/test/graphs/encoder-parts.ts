import { dataTypes, GraphBuilder, makeValueInfo, type OnnxModel, type OnnxValueInfo } from '../../src/onnx/index.ts';
import { createNormalSource } from './random-normal.ts';

export interface EncoderForm {
  readonly opset: number;
  /** LayerNorm and GELU written out in small steps, as old exporters do. */
  readonly decomposed: boolean;
}

export const sizes = { hidden: 12, heads: 3, inner: 20, vocabulary: 40, positions: 24 } as const;

/** Builds the pieces that transformer encoders share, with random weights, in the operator forms of an opset. */
export class EncoderParts {
  readonly graph = new GraphBuilder();
  private readonly normal = createNormalSource(7);

  constructor(readonly form: EncoderForm) {}

  weight(name: string, dims: readonly number[], { scale = 0.3, center = 0 } = {}): string {
    const count = dims.reduce((a, b) => a * b, 1);
    return this.graph.init(
      name,
      dims,
      Float32Array.from({ length: count }, () => center + scale * this.normal()),
    );
  }

  mean(x: string, axis: number): string {
    if (this.form.opset >= 18) return this.graph.op('ReduceMean', [x, this.graph.int([axis])]);
    return this.graph.op('ReduceMean', [x], { attributes: { axes: [axis] } });
  }

  layerNorm(x: string, name: string): string {
    const { graph } = this;
    const scale = this.weight(`${name}.weight`, [sizes.hidden], { scale: 0.1, center: 1 });
    const shift = this.weight(`${name}.bias`, [sizes.hidden], { scale: 0.1 });
    if (!this.form.decomposed) {
      return graph.op('LayerNormalization', [x, scale, shift], { attributes: { axis: -1, epsilon: { float: 1e-12 } } });
    }
    const centred = graph.op('Sub', [x, this.mean(x, -1)]);
    const variance = this.mean(graph.op('Pow', [centred, graph.float(2)]), -1);
    const deviation = graph.op('Sqrt', [graph.op('Add', [variance, graph.float(1e-12)])]);
    return graph.op('Add', [graph.op('Mul', [graph.op('Div', [centred, deviation]), scale]), shift]);
  }

  linear(x: string, name: string, [from, to]: readonly [number, number]): string {
    const weight = this.weight(`${name}.weight`, [from, to]);
    return this.graph.op('Add', [this.weight(`${name}.bias`, [to]), this.graph.op('MatMul', [x, weight])]);
  }

  gelu(x: string): string {
    const { graph } = this;
    if (!this.form.decomposed) {
      return this.form.opset >= 20 ? graph.op('Gelu', [x]) : graph.op('Gelu', [x], { domain: 'com.microsoft' });
    }
    const erf = graph.op('Erf', [graph.op('Div', [x, graph.float(Math.SQRT2)])]);
    const doubled = graph.op('Mul', [x, graph.op('Add', [erf, graph.float(1)])]);
    return graph.op('Mul', [doubled, graph.float(0.5)]);
  }

  quickGelu(x: string): string {
    const gate = this.graph.op('Sigmoid', [this.graph.op('Mul', [x, this.graph.float(1.702)])]);
    return this.graph.op('Mul', [x, gate]);
  }

  /** `change` receives the scores, heads first, and may mask or bias them. */
  attention(x: string, name: string, change: (scores: string) => string): string {
    const { graph } = this;
    const { hidden, heads } = sizes;
    const head = (part: string, perm: number[]) => {
      const projected = this.linear(x, `${name}.${part}`, [hidden, hidden]);
      const split = graph.op('Reshape', [projected, graph.int([0, 0, heads, hidden / heads])]);
      return graph.op('Transpose', [split], { attributes: { perm } });
    };
    const query = head('query', [0, 2, 1, 3]);
    const key = head('key', [0, 2, 3, 1]);
    const value = head('value', [0, 2, 1, 3]);
    const raw = graph.op('Div', [graph.op('MatMul', [query, key]), graph.float(Math.sqrt(hidden / heads))]);
    const weights = graph.op('Softmax', [change(raw)], { attributes: { axis: -1 } });
    const mixed = graph.op('Transpose', [graph.op('MatMul', [weights, value])], { attributes: { perm: [0, 2, 1, 3] } });
    return this.linear(graph.op('Reshape', [mixed, graph.int([0, 0, hidden])]), `${name}.output`, [hidden, hidden]);
  }

  /** A vector 0, 1, .. up to the sequence length of `ids`. */
  positions(ids: string): string {
    const { graph } = this;
    const length = graph.op('Gather', [graph.op('Shape', [ids]), graph.int(1)], { attributes: { axis: 0 } });
    return graph.op('Range', [graph.int(0), length, graph.int(1)]);
  }

  finish(output: string, inputs: readonly OnnxValueInfo[]): OnnxModel {
    this.graph.op('Identity', [output], { output: 'hidden' });
    return {
      irVersion: 8,
      producerName: 'test',
      opsetImport: [
        { domain: '', version: this.form.opset },
        { domain: 'com.microsoft', version: 1 },
      ],
      metadataProps: [],
      graph: {
        name: 'encoder',
        node: this.graph.nodes,
        initializer: this.graph.initializers,
        input: [...inputs],
        output: [{ name: 'hidden' }],
        valueInfo: [],
      },
    };
  }
}

export const idsInput = (name: string): OnnxValueInfo => makeValueInfo(name, dataTypes.int64, ['batch', 'sequence']);
