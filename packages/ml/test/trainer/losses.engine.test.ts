import type { LossSpec, TrainablePart, TrainingSet } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { loadTokenizer } from '../../src/text/tokenizer.ts';
import { planEpoch } from '../../src/trainer/batch-plan.ts';
import { type BatchInputs, createBatchInputs } from '../../src/trainer/batch-tensors.ts';
import { measureSlope } from '../../src/trainer/check-model.ts';
import { prepareExamples } from '../../src/trainer/examples.ts';
import { createGradientEngine, type GradientEngine } from '../../src/trainer/gradient-engine.ts';
import { maskedLogit } from '../../src/trainer/loss-heads.ts';
import { addInto } from '../../src/trainer/training-loop.ts';
import { floats, int64, runHead } from '../losses/run-loss-head.ts';
import { clusteredSet, tinyBert, tinyManifest, tinyTokenizerJson } from './tiny-artefact.ts';

const contrastive: LossSpec = { kind: 'contrastive', temperature: 0.5, negativesPerQuery: 1 };
const margin: LossSpec = { kind: 'margin', margin: 0.3, temperature: 0.2, negativesPerQuery: 2 };
const quiet = { threads: 2, executionProviders: ['cpu'], warn: () => {} };

test('the contrastive loss of two queries equals the value computed by hand', async () => {
  const rows = {
    query: [
      [1, 0],
      [0, 1],
    ],
    item: [
      [1, 0],
      [0.6, 0.8],
      [0, 1],
    ],
  };
  const inputs = {
    query_rows: int64([0, 1]),
    positive_rows: int64([0, 2]),
    example_weights: floats([2, 1], [0.75, 0.25]),
    mask: floats([2, 3], [0, 0, 0, 0, maskedLogit, 0]),
  };
  const { loss } = await runHead(contrastive, rows, inputs);
  const first = Math.log(Math.exp(2) + Math.exp(1.2) + 1) - 2;
  const second = Math.log(1 + Math.exp(2)) - 2;
  expect(loss).toBeCloseTo(0.75 * first + 0.25 * second, 5);
});

test('a masked false negative gets no gradient', async () => {
  const rows = {
    query: [
      [1, 0],
      [0.8, 0.6],
    ],
    item: [
      [1, 0],
      [0.6, 0.8],
      [0.3, 0.5],
    ],
  };
  const inputs = {
    query_rows: int64([0, 1]),
    positive_rows: int64([0, 0]),
    example_weights: floats([2, 1], [0.5, 0.5]),
    mask: floats([2, 3], [0, maskedLogit, 0, 0, maskedLogit, 0]),
  };
  const { items } = await runHead(contrastive, rows, inputs);
  expect([...items.slice(2, 4)]).toEqual([0, 0]);
  expect(Math.abs(items[4] ?? 0)).toBeGreaterThan(0.01);
});

test('the margin loss of two weighted pairs equals the reference value and counts the pairs that are not apart', async () => {
  const rows = {
    query: [
      [1, 0],
      [1, 0],
    ],
    item: [
      [0.9, 0],
      [0.1, 0],
      [0.2, 0],
      [0.8, 0],
    ],
  };
  const inputs = {
    pair_queries: int64([0, 1]),
    pair_positives: int64([0, 2]),
    pair_negatives: int64([1, 3]),
    pair_weights: floats([2, 1], [0.25 / 2, 0.5 / 2]),
  };
  const { loss, pairs } = await runHead(
    { kind: 'margin', margin: 1, temperature: 1, negativesPerQuery: 1 },
    rows,
    inputs,
  );
  expect(loss).toBeCloseTo(0.276734, 5);
  expect(pairs).toBe(2);
  const apart = await runHead({ kind: 'margin', margin: 0.5, temperature: 1, negativesPerQuery: 1 }, rows, inputs);
  expect(apart.pairs).toBe(1);
});

async function openTiny(loss: LossSpec, trainable: TrainablePart = { kind: 'all' }): Promise<GradientEngine> {
  return createGradientEngine(tinyBert(), { manifest: tinyManifest, loss, trainable, seed: 3 }, quiet);
}

function batchesOf(set: TrainingSet, loss: LossSpec, sizes: readonly number[]): BatchInputs[] {
  const examples = prepareExamples(set, { needsSkipped: loss.kind === 'margin' });
  const tokenizer = loadTokenizer(tinyTokenizerJson, { maxTokens: 16 });
  const visits = planEpoch(examples, 0, { seed: 2, batchQueries: 64, loss }).flat();
  const starts = sizes.map((_, at) => sizes.slice(0, at).reduce((sum, size) => sum + size, 0));
  const group = sizes.map((size, at) => visits.slice(starts[at], (starts[at] ?? 0) + size));
  return createBatchInputs(
    group,
    { set: examples, loss, manifest: { ...tinyManifest, queryPrefix: '', itemPrefix: '' }, tokenizer },
    new Map(),
  );
}

test.each([
  ['contrastive', contrastive, { kind: 'all' }],
  ['margin', margin, { kind: 'all' }],
  ['contrastive through adapters', contrastive, { kind: 'lora', rank: 4, alpha: 8, layers: 'all' }],
] as const)(
  'the gradient of the %s loss through both towers agrees with finite differences',
  async (_, loss, trainable) => {
    const engine = await openTiny(loss, trainable);
    const [batch = {}] = batchesOf(clusteredSet(), loss, [9]);
    for (const { name, values } of engine.tensors) if (name.endsWith(':up')) values.fill(0.05);
    await engine.run(batch);
    const exact = engine.gradients.map((gradient) => Float32Array.from(gradient));
    for (const seed of [0, 1, 2, 3]) {
      const { expected, measured } = await measureSlope(engine, { batch, exact, seed });
      expect(expected).toBeGreaterThan(0);
      expect(Math.abs(measured - expected) / expected).toBeLessThan(0.02);
    }
    await engine.release();
  },
);

test('a gradient that is wrong in one tensor shows in one of the directions the self-check tries', async () => {
  const engine = await openTiny(contrastive);
  const [batch = {}] = batchesOf(clusteredSet(), contrastive, [9]);
  await engine.run(batch);
  const wrong = engine.gradients.map((gradient, at) => gradient.map((value) => (at === 0 ? value * 3 + 0.01 : value)));
  const errors: number[] = [];
  for (const seed of [0, 1, 2]) {
    const { expected, measured } = await measureSlope(engine, { batch, exact: wrong, seed });
    errors.push(Math.abs(measured - expected) / expected);
  }
  expect(Math.max(...errors)).toBeGreaterThan(0.05);
  await engine.release();
});

test.each([
  ['contrastive', contrastive],
  ['margin', margin],
] as const)('accumulated micro-batches of the %s loss add up to their weighted mean over the step', async (_, loss) => {
  const engine = await openTiny(loss);
  const run = async (batch: BatchInputs) => {
    const { loss: value } = await engine.run(batch);
    return { value, gradients: engine.gradients.map((gradient) => Float32Array.from(gradient)) };
  };
  const [first = {}, second = {}] = batchesOf(clusteredSet(), loss, [9, 5]);
  const [alone = {}] = batchesOf(clusteredSet(), loss, [9]);
  const [a, b, single] = [await run(first), await run(second), await run(alone)];
  const share = shareOf(first) / shareOf(alone);
  expect(a.value).toBeCloseTo(single.value * share, 5);
  expect(shareOf(first) + shareOf(second)).toBeCloseTo(shareOf(alone), 5);
  expect(farthest(a.gradients, single.gradients, share)).toBeLessThan(1e-5);
  const sums = engine.gradients.map((gradient) => new Float32Array(gradient.length));
  addInto(sums, a.gradients);
  addInto(sums, b.gradients);
  const both = a.gradients.map((gradient, at) => gradient.map((value, i) => value + (b.gradients[at]?.[i] ?? 0)));
  expect(farthest(sums, both, 1)).toBeLessThan(1e-6);
  expect(farthest(sums, a.gradients, 1)).toBeGreaterThan(1e-3);
  await engine.release();
});

function farthest(left: readonly Float32Array[], right: readonly Float32Array[], factor: number): number {
  const gaps = left.map((values, at) =>
    values.reduce((most, value, i) => Math.max(most, Math.abs(value - (right[at]?.[i] ?? 0) * factor)), 0),
  );
  return Math.max(...gaps);
}

function shareOf(batch: BatchInputs): number {
  const { values } = batch.example_weights ?? batch.pair_weights ?? { values: [] };
  return [...values].reduce<number>((sum, value) => sum + Number(value), 0);
}

test('queries and items are padded to lengths of their own and each text is encoded once', () => {
  const long = Array.from({ length: 12 }, (_, at) => `word${at}`).join(' ');
  const clicked = [{ itemId: 'a', weight: 1 }];
  const set: TrainingSet = {
    queries: ['word1', 'word2', 'word3'].map((text) => ({ queryId: text, text, clicked, skipped: ['b', 'c'] })),
    itemTexts: { a: long, b: 'word4', c: 'word4' },
  };
  const [batch = {}] = batchesOf(set, { ...contrastive, negativesPerQuery: 2 }, [3]);
  expect(batch['query:input_ids']?.dims).toEqual([3, 3]);
  expect(batch['item:input_ids']?.dims).toEqual([2, 14]);
});

test('an item clicked for the same query in another session is masked, the positive never', () => {
  const set: TrainingSet = {
    queries: [
      { queryId: '1', text: 'word1', clicked: [{ itemId: 'a', weight: 1 }], skipped: [] },
      { queryId: '2', text: 'Word1 ', clicked: [{ itemId: 'b', weight: 1 }], skipped: [] },
      { queryId: '3', text: 'word2', clicked: [{ itemId: 'b', weight: 1 }], skipped: ['c'] },
    ],
    itemTexts: { a: 'word5', b: 'word6', c: 'word7' },
  };
  const examples = prepareExamples(set, { needsSkipped: false });
  const visit = (text: string, itemId: string, negatives: string[]) => ({
    key: text,
    text,
    positives: [{ itemId, weight: 1 }],
    others: [],
    negatives,
  });
  const source = {
    set: examples,
    loss: contrastive,
    manifest: { ...tinyManifest, queryPrefix: '', itemPrefix: '' },
    tokenizer: loadTokenizer(tinyTokenizerJson, { maxTokens: 16 }),
  };
  const [batch = {}] = createBatchInputs([[visit('word1', 'a', []), visit('word2', 'b', ['c'])]], source, new Map());
  expect([...(batch.mask?.values ?? [])]).toEqual([0, maskedLogit, 0, 0, 0, 0].map(Math.fround));
});
