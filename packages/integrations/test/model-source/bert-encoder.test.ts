import { encodeModel } from '@embedding-studio/ml/onnx';
import { describe, expect, it } from 'vitest';
import { buildTextEncoder } from '../../src/model-source/encoders/build-text-encoder.ts';
import { readSafetensors } from '../../src/model-source/encoders/safetensors.ts';
import { runGraph } from './run-encoder.ts';
import { createTinyWeights, encodeTiny, tinyConfig, toSafetensors, withHeader } from './tiny-bert.ts';

const buildBert = (tensors: Parameters<typeof buildTextEncoder>[0], config: unknown) =>
  buildTextEncoder(tensors, config, { pooling: 'mean', dense: [] }).onnx;

describe('BERT encoder from safetensors', () => {
  const weights = createTinyWeights();
  const build = (config: unknown = tinyConfig) => buildBert(readSafetensors(toSafetensors(weights)), config);

  it('gives the unit vectors of a plain implementation, whatever the padding', async () => {
    const texts = [[1, 2, 3, 4, 5], [19, 7], [6]];
    const vectors = await runGraph(encodeModel(build()), texts);
    for (const [index, ids] of texts.entries()) {
      const expected = encodeTiny(weights, ids);
      expect(vectors[index]?.length).toBe(tinyConfig.hidden_size);
      for (const [i, value] of expected.entries()) expect(vectors[index]?.[i]).toBeCloseTo(value, 5);
    }
  });

  it('accepts weights that lie below the name bert', () => {
    const nested = new Map([...weights].map(([name, tensor]) => [`bert.${name}`, tensor]));
    const model = buildBert(readSafetensors(toSafetensors(nested)), tinyConfig);
    expect(model.graph.node.length).toBe(build().graph.node.length);
  });

  it('uses standard operators only, so that any runtime of opset 17 can serve it', () => {
    const model = build();
    expect(model.opsetImport).toEqual([{ domain: '', version: 17 }]);
    expect(model.graph.node.filter((node) => node.domain)).toEqual([]);
  });

  it('names the weight that is missing or has another shape', () => {
    const missing = new Map(weights);
    missing.delete('encoder.layer.1.output.dense.bias');
    expect(() => buildBert(missing, tinyConfig)).toThrow('encoder.layer.1.output.dense.bias');
    expect(() => build({ ...tinyConfig, intermediate_size: 13 })).toThrow('encoder.layer.0.intermediate.dense');
  });

  it('refuses an architecture it would compute wrongly', () => {
    for (const change of [{ model_type: 't5' }, { hidden_act: 'swish' }, { position_embedding_type: 'relative_key' }])
      expect(() => build({ ...tinyConfig, ...change })).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
    expect(() => build({ ...tinyConfig, num_attention_heads: 3 })).toThrow('not a multiple of 3 attention heads');
  });
});

describe('safetensors reader', () => {
  it('widens half-precision types exactly and leaves integers out', () => {
    const payload = new Uint8Array(Uint16Array.of(0x3c00, 0xc100, 0x0001, 0x7bff, 0x3f80, 0xc0a0).buffer);
    const tensors = readSafetensors(
      withHeader(
        {
          half: { dtype: 'F16', shape: [4], data_offsets: [0, 8] },
          brain: { dtype: 'BF16', shape: [2], data_offsets: [8, 12] },
          positions: { dtype: 'I64', shape: [1], data_offsets: [0, 8] },
        },
        payload,
      ),
    );
    expect([...(tensors.get('half')?.values ?? [])]).toEqual([1, -2.5, 2 ** -24, 65504]);
    expect([...(tensors.get('brain')?.values ?? [])]).toEqual([1, -5]);
    expect([...tensors.keys()]).toEqual(['half', 'brain']);
  });

  it.each([
    ['a file of five bytes', new Uint8Array(5)],
    ['a header longer than the file', new Uint8Array(8).fill(1)],
    ['a header that is not JSON', Buffer.concat([Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0), Buffer.from('{,')])],
    ['data that end early', withHeader({ w: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } }, new Uint8Array(8))],
    [
      'offsets that do not fit the shape',
      withHeader({ w: { dtype: 'F32', shape: [4], data_offsets: [0, 8] } }, new Uint8Array(16)),
    ],
  ])('refuses %s', (_, bytes) => {
    expect(() => readSafetensors(bytes)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
  });
});
