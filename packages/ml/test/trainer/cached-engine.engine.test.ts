import type { LossSpec, TrainablePart } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { loadTokenizer } from '../../src/text/tokenizer.ts';
import { planEpoch } from '../../src/trainer/batch-plan.ts';
import { createBatchInputs } from '../../src/trainer/batch-tensors.ts';
import { createCachedEngine } from '../../src/trainer/cached-engine.ts';
import { prepareExamples } from '../../src/trainer/examples.ts';
import { createGradientEngine } from '../../src/trainer/gradient-engine.ts';
import { sizes } from '../graphs/encoder-parts.ts';
import { clusteredSet, tinyBert, tinyManifest, tinyTokenizerJson } from './tiny-artefact.ts';

const quiet = { threads: 2, executionProviders: ['cpu'], warn: () => {} };
const manifest = { ...tinyManifest, dims: sizes.hidden, queryPrefix: '', itemPrefix: '' };

function batchOf(loss: LossSpec, count: number) {
  const set = prepareExamples(clusteredSet(), { needsSkipped: false });
  const tokenizer = loadTokenizer(tinyTokenizerJson, { maxTokens: 16 });
  const visits = planEpoch(set, 0, { seed: 2, batchQueries: 64, loss }).flat().slice(0, count);
  return createBatchInputs([visits], { set, loss, manifest, tokenizer }, new Map())[0] ?? {};
}

const contrastive: LossSpec = { kind: 'contrastive', temperature: 0.2, negativesPerQuery: 1 };

test.each<[string, LossSpec, TrainablePart]>([
  [
    'the contrastive loss with CoSENT and prefixes',
    { ...contrastive, coSent: 0.3, matryoshkaDims: [4, sizes.hidden] },
    { kind: 'all' },
  ],
  ['the margin loss', { kind: 'margin', margin: 0.3, temperature: 0.2, negativesPerQuery: 2 }, { kind: 'all' }],
  ['adapters', contrastive, { kind: 'lora', rank: 2, alpha: 4, layers: 'all' }],
])('in chunks the gradient of %s is that of one graph, for batches of any size', async (_, loss, trainable) => {
  const options = { manifest, loss, trainable, seed: 3 };
  const whole = await createGradientEngine(tinyBert(), options, quiet);
  const cached = await createCachedEngine(tinyBert(), { ...options, chunk: 4 }, quiet);
  for (const count of [3, 14]) {
    const batch = batchOf(loss, count);
    const expected = await whole.run(batch);
    const got = await cached.run(batch);
    expect(got.loss).toBeCloseTo(expected.loss, 4);
    expect(got.activePairs).toBe(expected.activePairs);
    whole.gradients.forEach((gradient, at) => {
      const error = gradient.reduce((most, value, i) => {
        return Math.max(most, Math.abs(value - (cached.gradients[at]?.[i] ?? Number.NaN)));
      }, 0);
      expect(error).toBeLessThan(1e-5);
    });
  }
  expect(whole.gradients.some((gradient) => gradient.some((value) => Math.abs(value) > 1e-3))).toBe(true);
  await Promise.all([whole.release(), cached.release()]);
});
