import type { LinearAdapter } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { appendAdapter } from '../../src/adapters/append-adapter.ts';
import { applyAdapter } from '../../src/adapters/linear-adapter.ts';
import { loadTokenizer } from '../../src/text/tokenizer.ts';
import { encodeTokens } from '../../src/trainer/encode-texts.ts';
import { createSeededRandom } from '../../src/trainer/seeded-random.ts';
import { openSession } from '../../src/trainer/training-session.ts';
import { sizes } from '../graphs/encoder-parts.ts';
import { tinyBert, tinyManifest, tinyTokenizerJson } from '../trainer/tiny-artefact.ts';

const manifest = { ...tinyManifest, dims: sizes.hidden };
const random = createSeededRandom(11);
const normal = (length: number) => Float32Array.from({ length }, () => 0.3 * random.normal());
const drawAdapter = (rank: number): LinearAdapter => ({
  ...{ dims: manifest.dims, rank },
  ...{ u: normal(manifest.dims * rank), v: normal(manifest.dims * rank), bias: normal(manifest.dims) },
});

async function encode(onnx: Uint8Array): Promise<Float32Array> {
  const tokens = loadTokenizer(tinyTokenizerJson, { maxTokens: 16 }).encodeBatch([
    'word1 word2 a',
    'word3',
    'a a word9',
  ]);
  const { session } = await openSession(onnx, { threads: 1, executionProviders: ['cpu'], warn: () => undefined });
  try {
    return await encodeTokens(session, tokens, manifest);
  } finally {
    await session.release();
  }
}

test('the longer graph gives what multiplying stored vectors gives, also for an adapter on an adapter', async () => {
  const base = tinyBert(1);
  const [first, second] = [drawAdapter(3), drawAdapter(2)];
  const once = appendAdapter(base, { adapter: first, output: manifest.output });
  const twice = appendAdapter(once, { adapter: second, output: manifest.output });
  const stored = await encode(base);
  const expected = [applyAdapter(first, stored), applyAdapter(second, applyAdapter(first, stored))];
  for (const [at, graph] of [once, twice].entries()) {
    const found = await encode(graph);
    const apart = found.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[at]?.[i] ?? 9))), 0);
    expect(apart).toBeLessThan(1e-5);
  }
});

test('an output that the graph does not have is refused', () => {
  expect(() => appendAdapter(tinyBert(1), { adapter: drawAdapter(1), output: 'other' })).toThrow('float32 output');
});
