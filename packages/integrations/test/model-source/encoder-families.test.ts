import { readdirSync, readFileSync } from 'node:fs';
import { encodeModel } from '@embedding-studio/ml/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { buildTextEncoder, type TextEncoderOptions } from '../../src/model-source/encoders/build-text-encoder.ts';
import { buildClipVision } from '../../src/model-source/encoders/clip.ts';
import { bucketOf } from '../../src/model-source/encoders/mpnet.ts';
import { readSafetensors } from '../../src/model-source/encoders/safetensors.ts';
import { runGraph } from './run-encoder.ts';

const fixtures = new URL('../fixtures/encoders/', import.meta.url);
const families = readdirSync(fixtures);

interface Expected {
  texts: number[][];
  eos?: number[][];
  pixels?: number[];
  image?: number[][];
}

function readFamily(family: string) {
  const read = (name: string) => readFileSync(new URL(`${family}/${name}`, fixtures));
  return {
    tensors: readSafetensors(read('model.safetensors')),
    config: JSON.parse(read('config.json').toString()) as Record<string, unknown>,
    expected: JSON.parse(read('expected.json').toString()) as Expected &
      Record<TextEncoderOptions['pooling'], number[][]>,
  };
}

function largestDifference(found: readonly number[][], wanted: readonly number[][] = []): number {
  const differences = wanted.flatMap((row, r) =>
    row.map((value, i) => Math.abs(value - (found[r]?.[i] ?? Number.NaN))),
  );
  return differences.length === 0 ? Number.NaN : Math.max(...differences);
}

describe('encoders written from a checkpoint, against what PyTorch said of it', () => {
  it('covers every family', () => {
    expect(families).toEqual(['bert', 'bert-tanh-gelu', 'clip', 'distilbert', 'mpnet', 'roberta', 'xlm-roberta']);
  });

  it.each(families.filter((name) => name !== 'clip'))('%s: mean, first token and maximum', async (family) => {
    const { tensors, config, expected } = readFamily(family);
    for (const pooling of ['mean', 'cls', 'max'] as const) {
      const { onnx, dims } = buildTextEncoder(tensors, config, { pooling, dense: [] });
      expect(dims).toBe(16);
      expect(largestDifference(await runGraph(encodeModel(onnx), expected.texts), expected[pooling])).toBeLessThan(
        2e-6,
      );
    }
  });

  it('clip: the text tower ends with the projection of the token that ends the text', async () => {
    const { tensors, config, expected } = readFamily('clip');
    const { onnx, dims, tokensMax } = buildTextEncoder(tensors, config, { pooling: 'mean', dense: [] });
    expect({ dims, tokensMax }).toEqual({ dims: 12, tokensMax: 20 });
    expect(largestDifference(await runGraph(encodeModel(onnx), expected.texts), expected.eos)).toBeLessThan(2e-6);
  });

  it('clip: the vision tower', async () => {
    const { tensors, config, expected } = readFamily('clip');
    const { onnx, side } = buildClipVision(tensors, config);
    const session = await InferenceSession.create(encodeModel(onnx), { intraOpNumThreads: 1 });
    const pixels = new Tensor('float32', Float32Array.from(expected.pixels ?? []), [2, 3, side, side]);
    const { image_embedding: output } = await session.run({ pixel_values: pixels });
    await session.release();
    const values = [...((output?.data as Float32Array | undefined) ?? [])];
    expect(largestDifference([values.slice(0, 12), values.slice(12)], expected.image)).toBeLessThan(2e-6);
  });

  it('numbers the positions that a text may have', () => {
    const tokensMaxOf = (family: string) => {
      const { tensors, config } = readFamily(family);
      return buildTextEncoder(tensors, config, { pooling: 'mean', dense: [] }).tokensMax;
    };
    expect(['bert', 'roberta', 'mpnet', 'distilbert'].map(tokensMaxOf)).toEqual([24, 22, 178, 24]);
  });

  it('adds the linear layer that some sentence encoders have after the pooling', async () => {
    const { tensors, config, expected } = readFamily('bert');
    const weight = Float32Array.from({ length: 3 * 16 }, (_, i) => Math.sin(i));
    const bias = Float32Array.of(0.1, -0.2, 0.3);
    const layer = { inner: 16, outer: 3, hasBias: true, activation: 'tanh' } as const;
    const dense = new Map([
      ['linear.weight', { dims: [3, 16], values: weight }],
      ['linear.bias', { dims: [3], values: bias }],
    ]);
    const { onnx, dims } = buildTextEncoder(tensors, config, { pooling: 'cls', dense: [{ ...layer, tensors: dense }] });
    const { onnx: plain } = buildTextEncoder(tensors, config, { pooling: 'cls', dense: [] });
    plain.graph.output = [{ name: plain.graph.node.at(-1)?.input[0] ?? '' }];
    const [first = []] = expected.texts;
    const session = await InferenceSession.create(encodeModel(plain), { intraOpNumThreads: 1 });
    const feeds = (values: bigint[]) => new Tensor('int64', BigInt64Array.from(values), [1, values.length]);
    const pooled = await session.run({
      input_ids: feeds(first.map(BigInt)),
      attention_mask: feeds(first.map(() => 1n)),
    });
    await session.release();
    const input = [...((Object.values(pooled)[0]?.data as Float32Array | undefined) ?? [])];
    const raw = [0, 1, 2].map((out) =>
      Math.tanh(input.reduce((sum, x, i) => sum + x * (weight[out * 16 + i] ?? 0), bias[out] ?? 0)),
    );
    const wanted = raw.map((value) => value / Math.hypot(...raw));
    expect(dims).toBe(3);
    expect(largestDifference(await runGraph(encodeModel(onnx), [first]), [wanted])).toBeLessThan(1e-6);
  });

  it('names the family it does not know', () => {
    const build = (config: unknown) => () => buildTextEncoder(new Map(), config, { pooling: 'mean', dense: [] });
    expect(build({ model_type: 't5' })).toThrow('is that of a t5 model; known: bert, camembert, clip');
    expect(build({})).toThrow('names no model_type');
  });
});

describe('relative places of MPNet', () => {
  it('gives near distances a bucket each and far ones a common one, each direction its own', () => {
    expect([-1, 0, 1, 7, 8, -8, 500, -500].map((distance) => bucketOf(distance, 32))).toEqual([
      1, 0, 17, 23, 24, 8, 31, 15,
    ]);
  });
});
