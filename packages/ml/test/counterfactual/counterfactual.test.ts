import { estimateDr, estimateIps, estimateSnips, type LoggedDraw } from '@embedding-studio/ml/counterfactual';
import { createRandom } from '@embedding-studio/ml/ranking';
import { describe, expect, it } from 'vitest';

const choices = 8;
const clickRate = (choice: number) => 0.08 + 0.05 * choice;
const logged = normalise(Array.from({ length: choices }, (_, choice) => 3 + (choice % 3)));
const target = normalise(Array.from({ length: choices }, (_, choice) => 1 / (choices - choice)));
const mean = (policy: readonly number[], of: (choice: number) => number) =>
  policy.reduce((sum, chance, choice) => sum + chance * of(choice), 0);
const truth = mean(target, clickRate);
/** A model that is near, and wrong everywhere. */
const guess = (choice: number) => 0.05 + 0.055 * choice;

function normalise(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function drawLog(draws: number, random: () => number): LoggedDraw[] {
  const expectedTarget = mean(target, guess);
  return Array.from({ length: draws }, () => {
    let [choice, left] = [0, random()];
    while (choice < choices - 1 && left >= (logged[choice] ?? 0)) left -= logged[choice++] ?? 0;
    const reward = Number(random() < clickRate(choice));
    const [propensity, chance] = [logged[choice] ?? 0, target[choice] ?? 0];
    return { reward, propensity, target: chance, expected: guess(choice), expectedTarget };
  });
}

const estimators = { estimateIps, estimateSnips, estimateDr };
const runs = 400;
const random = createRandom(7);
const logs = Array.from({ length: runs }, () => drawLog(600, random));
const found = Object.fromEntries(
  Object.entries(estimators).map(([name, estimate]) => [
    name,
    logs.map((log) => {
      const value = estimate(log);
      if (value.kind === 'insufficient') throw new TypeError(value.reason);
      return value;
    }),
  ]),
);
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviationOf = (values: readonly number[]) =>
  Math.sqrt(meanOf(values.map((value) => (value - meanOf(values)) ** 2)));

describe.each(Object.keys(estimators))('%s on simulated logs', (name) => {
  const values = found[name] ?? [];

  it('finds the truth on average, within four standard errors', () => {
    const means = values.map((value) => value.mean);
    expect(Math.abs(meanOf(means) - truth)).toBeLessThan((4 * deviationOf(means)) / Math.sqrt(runs));
  });

  it('has intervals that hold the truth in 92 to 98 of 100 logs', () => {
    const share = values.filter(({ lo, hi }) => lo <= truth && truth <= hi).length / runs;
    expect(share).toBeGreaterThan(0.92);
    expect(share).toBeLessThan(0.98);
  });

  it('says how many draws it rests on and that the log could have drawn everything', () => {
    for (const { draws, effective, covered, clipped } of values.slice(0, 20)) {
      expect(draws).toBe(600);
      expect(effective).toBeLessThan(600);
      expect(effective).toBeGreaterThan(150);
      expect(Math.abs(covered - 1)).toBeLessThan(0.25);
      expect(clipped).toBe(0);
    }
  });
});

it('the plain mean of the log is not the truth, and DR is the steadiest, then SNIPS, then IPS', () => {
  const plain = meanOf(logs.map((log) => meanOf(log.map(({ reward }) => reward))));
  expect(truth - plain).toBeGreaterThan(0.05);
  const spread = (name: string) => deviationOf((found[name] ?? []).map((value) => value.mean));
  expect(spread('estimateDr')).toBeLessThan(spread('estimateSnips'));
  expect(spread('estimateSnips')).toBeLessThan(spread('estimateIps'));
});

describe('too little to go by', () => {
  const draw: LoggedDraw = { reward: 1, propensity: 0.5, target: 0.5 };

  it('is a reason, never a number', () => {
    for (const estimate of [estimateIps, estimateSnips, estimateDr]) {
      expect(estimate([])).toMatchObject({ kind: 'insufficient' });
      expect(estimate(new Array(20).fill(draw))).toMatchObject({ kind: 'insufficient', reason: /30 are needed/ });
      expect(estimate(new Array(99).fill({ ...draw, reward: 0 }))).toMatchObject({ reason: /rewarded/ });
      expect(estimate(new Array(99).fill({ ...draw, target: 0 }))).toMatchObject({ kind: 'insufficient' });
    }
    expect(estimateDr(new Array(99).fill(draw))).toMatchObject({ reason: /model/ });
  });

  it('cuts weights and says so; a probability that is none is refused', () => {
    const rare = { reward: 1, propensity: 0.01, target: 1 };
    expect(estimateIps([...new Array(399).fill(draw), rare])).toMatchObject({
      clipped: 1 / 400,
      mean: (399 + 20) / 400,
    });
    expect(() => estimateIps([{ ...draw, propensity: 0 }])).toThrow(/probabilities/);
  });
});
