import type { LinearAdapter } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { runAdapterStep } from '../../src/adapters/adapter-step.ts';
import { decodeAdapter, encodeAdapter } from '../../src/adapters/linear-adapter.ts';
import { contrastiveLoss, type ScoreTable } from '../../src/adapters/score-losses.ts';
import { openTensorFlow } from '../../src/adapters/tensorflow.ts';
import { createSeededRandom } from '../../src/trainer/seeded-random.ts';

const random = createSeededRandom(3);
const numbers = (length: number, size = 1) => Float32Array.from({ length }, () => size * random.normal());

const contrastive = (scores: ScoreTable) =>
  contrastiveLoss(scores, {
    temperature: 0.3,
    examples: [
      { row: 0, positive: 0, weight: 1, masked: [1] },
      { row: 1, positive: 2, weight: 0.5, masked: [3] },
      { row: 2, positive: 1, weight: 2, masked: [] },
    ],
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
