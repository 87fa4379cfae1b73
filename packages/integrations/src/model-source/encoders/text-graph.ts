import { dataTypes, makeValueInfo, type OnnxModel } from '@embedding-studio/ml/onnx';
import { GraphBlocks } from './graph-blocks.ts';

const maskedScore = -1e9;

/** How the vectors of the tokens become one: the mean or the largest over the real tokens, or the first token's. */
export type Pooling = 'mean' | 'cls' | 'max';

/** A graph with inputs `input_ids` and `attention_mask`, int64 [batch, seq], and unit vectors as its output. */
export class TextGraph extends GraphBlocks {
  private readonly mask: string;
  private maskBiasName: string | undefined;

  constructor() {
    super();
    this.mask = this.builder.op('Cast', ['attention_mask'], { attributes: { to: dataTypes.float } });
  }

  /** The number of columns, int64 scalar. */
  length(): string {
    const { builder } = this;
    return builder.op('Gather', [builder.op('Shape', ['input_ids']), builder.int(1)], { attributes: { axis: 0 } });
  }

  /** Positions offset..offset+seq-1 as int64 [seq]. */
  positions(offset = 0): string {
    const { builder } = this;
    const end = offset === 0 ? this.length() : this.add(this.length(), builder.int(offset));
    return builder.op('Range', [builder.int(offset), end, builder.int(1)]);
  }

  /** 0 for real tokens and a large negative score for padding, [batch, 1, 1, seq]. */
  maskBias(): string {
    if (this.maskBiasName !== undefined) return this.maskBiasName;
    const { builder } = this;
    const wide = builder.op('Unsqueeze', [this.mask, builder.int([1, 2])]);
    const absent = builder.op('Sub', [builder.float(1), wide]);
    this.maskBiasName = this.multiply(absent, builder.float(maskedScore));
    return this.maskBiasName;
  }

  /** 0 where a token may look (itself and what came before) and a large negative score after it, [seq, seq]. */
  causalBias(): string {
    const { builder } = this;
    const places = this.positions();
    const rows = builder.op('Unsqueeze', [places, builder.int([1])]);
    const later = builder.op('Cast', [builder.op('Less', [rows, places])], { attributes: { to: dataTypes.float } });
    return this.multiply(later, builder.float(maskedScore));
  }

  /** [batch, seq, size] → [batch, size]. */
  pool(hidden: string, pooling: Pooling): string {
    if (pooling === 'mean') return this.maskedMean(hidden);
    return pooling === 'max' ? this.maskedMax(hidden) : this.tokenAt(hidden, this.builder.int(0));
  }

  /** Mean over the real tokens. */
  maskedMean(hidden: string): string {
    const { builder } = this;
    const mask = this.tallMask();
    const flat = { attributes: { keepdims: 0 } };
    const sum = builder.op('ReduceSum', [this.multiply(hidden, mask), builder.int([1])], flat);
    return builder.op('Div', [sum, builder.op('ReduceSum', [mask, builder.int([1])], flat)]);
  }

  /** Ends the graph with unit vectors named `sentence_embedding`. */
  finish(pooled: string, { name, dims }: { name: string; dims: number }): OnnxModel {
    this.unitLength(pooled, 'sentence_embedding');
    const tokens = (input: string) => makeValueInfo(input, dataTypes.int64, ['batch', 'seq']);
    return this.createModel(name, {
      input: [tokens('input_ids'), tokens('attention_mask')],
      output: [makeValueInfo('sentence_embedding', dataTypes.float, ['batch', dims])],
    });
  }

  private tokenAt(hidden: string, place: string): string {
    return this.builder.op('Gather', [hidden, place], { attributes: { axis: 1 } });
  }

  private tallMask(): string {
    return this.builder.op('Unsqueeze', [this.mask, this.builder.int([-1])]);
  }

  // Padding is moved far below every real value instead of being cut out.
  private maskedMax(hidden: string): string {
    const { builder } = this;
    const absent = builder.op('Sub', [this.tallMask(), builder.float(1)]);
    const lowered = this.add(hidden, this.multiply(absent, builder.float(-maskedScore)));
    return builder.op('ReduceMax', [lowered], { attributes: { axes: [1], keepdims: 0 } });
  }
}
