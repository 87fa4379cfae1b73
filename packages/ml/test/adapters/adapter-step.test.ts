import type { LinearAdapter } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { runAdapterStep } from '../../src/adapters/adapter-step.ts';
import { decodeAdapter, encodeAdapter } from '../../src/adapters/linear-adapter.ts';
import { contrastiveLoss, marginLoss, type ScoreLoss, type ScoreTable } from '../../src/adapters/score-losses.ts';
import { openTensorFlow } from '../../src/adapters/tensorflow.ts';
import { createSeededRandom } from '../../src/trainer/seeded-random.ts';

const random = createSeededRandom(3);
const numbers = (length: number, size = 1) => Float32Array.from({ length }, () => size * random.normal());

const table: ScoreTable = { values: numbers(12, 0.5), rows: 3, columns: 4 };
const contrastive = (scores: ScoreTable) =>
  contrastiveLoss(scores, {
    temperature: 0.3,
    positives: Int32Array.of(0, 2, 1),
    weights: Float32Array.of(1, 0.5, 2),
    isMasked: Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0),
  });
const margin = (scores: ScoreTable) =>
  marginLoss(scores, {
    ...{ margin: 0.1, temperature: 0.2 },
    pairs: [
      { row: 0, positive: 1, negative: 3, weight: 1 },
      { row: 2, positive: 0, negative: 3, weight: 0.4 },
      { row: 2, positive: 1, negative: 3, weight: 0.7 },
    ],
  });

test.each<[string, (scores: ScoreTable) => ScoreLoss]>([
  ['contrastive', contrastive],
  ['margin', margin],
])('%s: the gradient is the slope of the loss, and is nothing at masked items', (_, measure) => {
  const { gradient } = measure(table);
  table.values.forEach((value, at) => {
    const lossAt = (change: number) => {
      const values = Float32Array.from(table.values);
      values[at] = value + change;
      return measure({ ...table, values }).loss;
    };
    expect((lossAt(1e-2) - lossAt(-1e-2)) / 2e-2).toBeCloseTo(gradient[at] as number, 2);
  });
});

test('what is clicked for the query elsewhere is no negative of it', () => {
  const { gradient } = contrastive(table);
  expect(gradient[1]).toBe(0);
  expect(gradient[7]).toBe(0);
});

test.each(['query', 'both'] as const)(
  'side %s: gradients of all weights are slopes of loss and ridge',
  async (side) => {
    const { tf } = await openTensorFlow();
    const [dims, rank] = [4, 2];
    const weights = { u: numbers(dims * rank, 0.4), v: numbers(dims * rank, 0.4), bias: numbers(dims, 0.2) };
    const input = { dims, rank, side, ridge: 0.05, queries: numbers(3 * dims), items: numbers(4 * dims) };
    const run = (changed = weights) => runAdapterStep(tf, { ...input, weights: changed, measure: contrastive });
    const { gradients } = run();
    for (const key of ['u', 'v', 'bias'] as const) {
      weights[key].forEach((value, at) => {
        const lossAt = (change: number) => {
          const values = Float32Array.from(weights[key]);
          values[at] = value + change;
          return run({ ...weights, [key]: values }).loss;
        };
        const slope = (lossAt(1e-2) - lossAt(-1e-2)) / 2e-2;
        expect(Math.abs(slope - (gradients[key][at] as number))).toBeLessThan(0.02);
      });
    }
    expect(tf.memory().numTensors).toBe(0);
  },
);

test('an adapter is read as it was written, and nothing else is read as one', () => {
  const adapter: LinearAdapter = { dims: 3, rank: 2, u: numbers(6), v: numbers(6), bias: numbers(3) };
  const bytes = encodeAdapter(adapter);
  expect(decodeAdapter(bytes)).toEqual(adapter);
  expect(() => decodeAdapter(bytes.subarray(0, bytes.length - 4))).toThrow('cut short');
  expect(() => decodeAdapter(new Uint8Array(40))).toThrow('does not begin');
});
