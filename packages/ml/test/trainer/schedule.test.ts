import type { LossSpec, TrainingSet } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { createTrainedTensor, globalNorm, updateTensor } from '../../src/trainer/adam.ts';
import { planEpoch, type Visit } from '../../src/trainer/batch-plan.ts';
import { createBatchStream } from '../../src/trainer/batch-stream.ts';
import { prepareExamples } from '../../src/trainer/examples.ts';
import { learningRateAt, peakRateFor } from '../../src/trainer/learning-rate.ts';
import { createSeededRandom } from '../../src/trainer/seeded-random.ts';
import { createStepClock } from '../../src/trainer/step-clock.ts';
import { tinySettings } from './tiny-artefact.ts';

const loss: LossSpec = { kind: 'contrastive', temperature: 0.1, negativesPerQuery: 2 };

/** `count` sessions over a third as many queries; item texts of very different lengths. */
function sessionsOf(count: number): TrainingSet {
  const random = createSeededRandom(3);
  const itemTexts = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [`i${at}`, 'word '.repeat(1 + ((at * 7) % 40))]),
  );
  const draw = () => `i${random.below(40)}`;
  const queries = Array.from({ length: count }, (_, at) => ({
    queryId: `s${at}`,
    text: at % 2 === 0 ? `Query ${at % Math.ceil(count / 3)}` : `query  ${at % Math.ceil(count / 3)} `,
    clicked: [
      { itemId: draw(), weight: 1 },
      { itemId: draw(), weight: 3 },
    ],
    skipped: [draw(), draw(), draw()],
  }));
  return { queries, itemTexts };
}

const plan = (count: number, { epoch = 0, seed = 1, batchQueries = 16 } = {}) =>
  planEpoch(prepareExamples(sessionsOf(count), { needsSkipped: false }), epoch, { seed, batchQueries, loss });

test('no batch holds two queries of the same normalised text, and no session is visited twice', () => {
  const batches = plan(330);
  for (const batch of batches) expect(new Set(batch.map((visit) => visit.key)).size).toBe(batch.length);
  const visits = batches.flat();
  expect(visits.length).toBeGreaterThan(330 - 16);
  expect(visits.length).toBeLessThanOrEqual(330);
  const [kept, dropped] = [batches.filter((batch) => batch.length === 16), batches.filter((batch) => batch.length < 8)];
  expect(kept.length).toBeGreaterThanOrEqual(20);
  expect(dropped).toEqual([]);
});

test('a plan depends on seed and epoch alone', () => {
  expect(plan(90)).toEqual(plan(90));
  expect(plan(90, { epoch: 1 })).not.toEqual(plan(90));
  expect(plan(90, { seed: 2 })).not.toEqual(plan(90));
});

test('a set smaller than one batch is still trained on', () => {
  expect(plan(3)).toHaveLength(1);
});

test('items of a batch are of like length', () => {
  const set = prepareExamples(sessionsOf(640), { needsSkipped: false });
  const lengthOf = (visit: Visit) => set.textOf(visit.positives[0]?.itemId ?? '').length;
  const spread = (batch: Visit[]) => Math.max(...batch.map(lengthOf)) - Math.min(...batch.map(lengthOf));
  const batches = planEpoch(set, 0, { seed: 1, batchQueries: 16, loss });
  const mean = batches.reduce((sum, batch) => sum + spread(batch), 0) / batches.length;
  expect(mean).toBeLessThan(100);
});

test('clicks are drawn by their weight', () => {
  const set: TrainingSet = {
    queries: Array.from({ length: 2000 }, (_, at) => ({
      queryId: `s${at}`,
      text: `query ${at}`,
      clicked: [
        { itemId: 'a', weight: 1 },
        { itemId: 'b', weight: 3 },
      ],
      skipped: [],
    })),
    itemTexts: { a: 'one', b: 'two' },
  };
  const visits = planEpoch(prepareExamples(set, { needsSkipped: false }), 0, {
    seed: 1,
    batchQueries: 10,
    loss,
  }).flat();
  const share = visits.filter((visit) => visit.positives[0]?.itemId === 'b').length / visits.length;
  expect(share).toBeGreaterThan(0.72);
  expect(share).toBeLessThan(0.78);
});

test('an item that was clicked in one session of a query is no negative of that query in another', () => {
  const set: TrainingSet = {
    queries: [
      { queryId: '1', text: 'Shoes', clicked: [{ itemId: 'a', weight: 1 }], skipped: ['b', 'c'] },
      { queryId: '2', text: 'shoes', clicked: [{ itemId: 'b', weight: 1 }], skipped: ['a', 'c'] },
    ],
    itemTexts: { a: 'one', b: 'two', c: 'three' },
  };
  expect(prepareExamples(set, { needsSkipped: true }).examples.map((example) => example.skipped)).toEqual([
    ['c'],
    ['c'],
  ]);
});

test('steps group micro-batches across the end of an epoch, and any step can be asked for again', () => {
  const set = prepareExamples(sessionsOf(160), { needsSkipped: false });
  const settings = tinySettings({ batchQueries: 16, accumulationSteps: 3, epochsMax: 2, loss });
  const stream = createBatchStream(set, settings);
  const batches = [0, 1].flatMap((epoch) => planEpoch(set, epoch, settings));
  expect(stream).toMatchObject({ stepsTotal: Math.ceil(batches.length / 3), bound: 'epochs' });
  const groups = Array.from({ length: stream.stepsTotal }, (_, at) => stream.groupAt(at + 1));
  expect(groups.flat()).toEqual(batches);
  expect(stream.groupAt(2)).toEqual(groups[1]);
  expect(createBatchStream(set, { ...settings, stepsMax: 2 })).toMatchObject({ stepsTotal: 2, bound: 'steps' });
});

test('the rate rises to its peak, then falls to almost nothing', () => {
  const rates = Array.from({ length: 100 }, (_, at) =>
    learningRateAt(at + 1, { peak: 2, warmupShare: 0.1, stepsTotal: 100 }),
  );
  expect(rates[0]).toBeCloseTo(0.2);
  expect(rates[9]).toBe(2);
  expect(rates[54]).toBeCloseTo(1, 1);
  expect(rates[99]).toBeLessThan(0.01);
  expect(rates.slice(9).every((rate, at) => at === 0 || rate < (rates[8 + at] ?? 0))).toBe(true);
  expect(learningRateAt(1, { peak: 2, warmupShare: 0, stepsTotal: 1 })).toBeGreaterThan(0);
});

test('AdamW takes the step computed by hand; only matrices decay', () => {
  const options = { learningRate: 0.1, weightDecay: 0.5, gradientScale: 0.5 };
  const vector = createTrainedTensor('b', [2], Float32Array.of(1, -1));
  const matrix = createTrainedTensor('w', [1, 2], Float32Array.of(1, -1));
  for (const tensor of [vector, matrix]) updateTensor(tensor, Float32Array.of(4, -2), { ...options, step: 1 });
  // The first step of Adam is the sign of the gradient times the rate.
  expect([...vector.values].map((value) => value.toFixed(5))).toEqual(['0.90000', '-0.90000']);
  expect([...matrix.values].map((value) => value.toFixed(5))).toEqual(['0.85000', '-0.85000']);
  updateTensor(vector, Float32Array.of(0, 0), { ...options, step: 2 });
  const expected = 0.9 - (0.1 * (0.9 * 0.2)) / (1 - 0.81) / Math.sqrt((0.999 * 0.004) / (1 - 0.999 ** 2));
  expect(vector.values[0]).toBeCloseTo(expected, 5);
  expect(globalNorm([Float32Array.of(3), Float32Array.of(0, 4)])).toBe(5);
});

test('a budget turns measured seconds per step into a number of steps; without one time plays no part', () => {
  let at = 0;
  const timing = { stepsTotal: 1000, secondsBefore: 10, now: () => at };
  const clock = createStepClock({ secondsMax: 60 }, timing);
  const free = createStepClock({ secondsMax: null }, timing);
  for (const ms of [9000, 2000, 2000, 2000]) {
    at += ms;
    clock.recordStep();
    free.recordStep();
  }
  expect(clock.secondsPerStep()).toBe(2);
  expect(clock.elapsed()).toBe(25);
  expect(clock.stepsTotalAt(4)).toBe(4 + 17);
  expect(clock.isSpent()).toBe(false);
  at += 34_000;
  expect(clock.isSpent()).toBe(true);
  expect([free.stepsTotalAt(4), free.isSpent()]).toEqual([1000, false]);
});

test('an open learning rate is larger for shallow encoders, and ten times larger for adapters', () => {
  expect(peakRateFor({ layers: 2, isAdapted: false })).toBe(2e-4);
  expect(peakRateFor({ layers: 6, isAdapted: false })).toBe(1e-4);
  expect(peakRateFor({ layers: 6, isAdapted: false, hasFixedItems: true })).toBeCloseTo(1e-5, 12);
  expect(peakRateFor({ layers: 6, isAdapted: true })).toBeCloseTo(1e-3, 12);
});

test('hard negatives come to their share of the visits, the same for a seed, and leave the other draws alone', () => {
  const queries = Array.from({ length: 200 }, (_, at) => ({
    queryId: `${at}`,
    text: `query ${at}`,
    clicked: [{ itemId: 'a', weight: 1 }],
    skipped: ['b'],
    hardNegatives: ['a', 'b', 'c', 'd', 'e'],
  }));
  const itemTexts = { a: 'one', b: 'two', c: 'three', d: 'four', e: 'five' };
  const examples = prepareExamples({ queries, itemTexts }, { needsSkipped: false });
  const loss = { kind: 'contrastive', temperature: 0.05, negativesPerQuery: 1 } as const;
  const plan = (hardNegatives?: { share: number; perQuery: number }) =>
    planEpoch(examples, 1, { seed: 3, batchQueries: 20, loss, hardNegatives }).flat();
  const hard = plan({ share: 0.25, perQuery: 2 });
  const taught = hard.filter(({ negatives }) => negatives.length > 1);
  expect(taught.length).toBeGreaterThan(30);
  expect(taught.length).toBeLessThan(70);
  for (const { negatives } of taught) {
    expect(negatives).toHaveLength(3);
    expect(negatives.slice(1).every((itemId) => ['c', 'd', 'e'].includes(itemId))).toBe(true);
  }
  expect(plan({ share: 0.25, perQuery: 2 })).toEqual(hard);
  expect(plan().map(({ negatives }) => negatives)).toEqual(hard.map(({ negatives }) => negatives.slice(0, 1)));
});
