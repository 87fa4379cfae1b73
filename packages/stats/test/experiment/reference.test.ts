import { describe, expect, it } from 'vitest';
import * as distribution from '../../src/distribution/index.ts';
import {
  type ArmMoments,
  adjustBenjaminiHochberg,
  adjustCuped,
  adjustHolm,
  allocateThompson,
  type Bounded,
  checkGuardrail,
  checkMultipleExposure,
  checkPrePeriod,
  checkSrm,
  compareBayes,
  compareInterleaving,
  compareMsprt,
  compareSequential,
  compareWelch,
  findCaps,
  findNeededUnits,
  findPower,
  type MeanStats,
  summariseCapped,
  summariseMean,
  summariseRatio,
  tallyInterleaving,
} from '../../src/index.ts';
import reference from '../reference/reference.json' with { type: 'json' };
import { estimated } from './estimated.ts';

const relative = 1e-6;

function expectNear(actual: number | readonly number[], expected: number | readonly number[] | undefined): void {
  const pairs = [expected ?? Number.NaN].flat();
  const values = [actual].flat();
  expect(values).toHaveLength(pairs.length);
  for (const [place, wanted] of pairs.entries())
    expect(Math.abs((values[place] ?? Number.NaN) - wanted), `${values[place]} for ${wanted}`).toBeLessThanOrEqual(
      relative * Math.abs(wanted),
    );
}

const bounds = ({ value, lo, hi }: Bounded) => [value, lo, hi];
const relativeOf = ({ relative: lift }: { relative: Bounded | null }) => (lift ? bounds(lift) : []);
const armOf = (stats: MeanStats): ArmMoments => estimated(summariseMean(stats));

describe('special functions', () => {
  const cases: Record<string, (...values: number[]) => number> = {
    normalTail: (z = 0) => distribution.normalTail(z),
    normalQuantile: (share = 0) => distribution.normalQuantile(share),
    studentTail: (t = 0, degrees = 0) => distribution.studentTail(t, degrees),
    studentQuantile: (share = 0, degrees = 0) => distribution.studentQuantile(share, degrees),
    chiSquareTail: (x = 0, degrees = 0) => distribution.chiSquareTail(x, degrees),
    fisherTail: (f = 0, above = 0, below = 0) => distribution.fisherTail(f, { above, below }),
    binomialTail: (hits = 0, trials = 0, share = 0) => distribution.binomialTail(hits, trials, share),
    incompleteBeta: (a = 0, b = 0, x = 0) => distribution.incompleteBeta({ a, b, x, complement: 1 - x }),
    logGamma: (x = 0) => distribution.logGamma(x),
  };

  it.each(Object.entries(reference.distributions))('%s', (name, rows) => {
    for (const row of rows) expectNear(cases[name]?.(...row.slice(0, -1)) ?? Number.NaN, row.at(-1));
  });
});

describe.each(reference.comparisons)('$name', (example) => {
  const pair = { control: armOf(example.control), treatment: armOf(example.treatment) };

  it('Welch', () => {
    const result = estimated(compareWelch(pair));
    expectNear(bounds(result.absolute), example.welch.absolute);
    expectNear(relativeOf(result), example.welch.relative);
    expectNear([result.p, result.degrees], [example.welch.p, example.welch.degrees]);
  });

  it('sequential interval and p', () => {
    for (const { absolute, relative: lift, p, ...options } of example.sequential) {
      const result = estimated(compareSequential(pair, options));
      expectNear(bounds(result.absolute), absolute);
      expectNear(relativeOf(result), lift);
      expectNear(result.p, p);
    }
  });

  it('mSPRT, its mixture integrated numerically', () => {
    for (const { tau, alpha, ...wanted } of example.msprt) {
      const result = estimated(compareMsprt(pair, { tau, alpha }));
      expectNear(bounds(result.absolute), wanted.absolute);
      expectNear([result.logLikelihoodRatio, result.p], [wanted.logLikelihoodRatio, wanted.p]);
    }
  });

  it('Bayes', () => {
    for (const { better, lift, chanceToWin, ship, keep } of example.bayes) {
      const result = estimated(compareBayes(pair, { better: better === 'up' ? 'up' : 'down' }));
      expectNear(bounds(result.lift), lift);
      expectNear(result.chanceToWin, chanceToWin);
      expectNear([result.expectedLoss.ship, result.expectedLoss.keep], [ship, keep]);
    }
  });

  it('guardrail', () => {
    const { allowed, state, margin } = example.guardrail;
    const result = estimated(checkGuardrail(pair, { better: 'up', allowed: { relative: allowed } }));
    expectNear(bounds(result.margin), margin);
    expect(result.state).toBe(state);
  });
});

it('ratio by the delta method', () => {
  const { mean, variance } = estimated(summariseRatio(reference.ratio.stats));
  expectNear([mean, variance], [reference.ratio.mean, reference.ratio.variance]);
});

it('CUPED is the regression on arms and covariate', () => {
  const result = estimated(adjustCuped(reference.cuped.arms));
  const [control = Number.NaN, ...treatments] = result.arms.map(({ mean }) => mean);
  expectNear([result.theta, result.correlation], [reference.cuped.theta, reference.cuped.correlation]);
  expectNear(
    treatments.map((mean) => mean - control),
    reference.cuped.differences,
  );
  expectNear([control, ...treatments], reference.cuped.means);
  expectNear(
    result.arms.map(({ variance }) => variance),
    reference.cuped.variances,
  );
});

it('checks of split, exposure and the time before', () => {
  for (const { counts, weights, chiSquare, p, sequentialP } of reference.splits) {
    const result = estimated(checkSrm({ counts, weights }));
    expectNear([result.chiSquare, result.p, result.sequentialP], [chiSquare, p, sequentialP]);
  }
  for (const { p, ...counts } of reference.exposures) expectNear(estimated(checkMultipleExposure(counts)).p, p);
  for (const { arms, f, p } of reference.prePeriod) {
    const result = estimated(checkPrePeriod(arms.map(armOf)));
    expectNear([result.f, result.p], [f, p]);
  }
});

it('units and power', () => {
  for (const { split, units, powerAtUnits, powerAtHalf, sequentialUnits, ...design } of reference.power) {
    const [control = 1, treatment = 1] = split;
    const fixed = { ...design, split: [control, treatment] as const, test: 'fixed' as const };
    expect(estimated(findNeededUnits(fixed)).units).toBe(units);
    expect(estimated(findNeededUnits({ ...fixed, test: 'sequential' })).units).toBe(sequentialUnits);
    expectNear(estimated(findPower({ ...fixed, units })).power, powerAtUnits);
    expectNear(estimated(findPower({ ...fixed, units: units / 2 })).power, powerAtHalf);
  }
});

it('caps at percentiles, and the mean within them', () => {
  const wanted = reference.winsorised;
  const values = wanted.values.map(([value = 0, count = 0]) => ({ value, count }));
  const caps = estimated(findCaps(values, { low: 0.05, high: 0.99 }));
  const others = estimated(findCaps(values, { high: 0.99, ignoreZeros: true }));
  expectNear([caps.low ?? Number.NaN, caps.high ?? Number.NaN], wanted.caps);
  expectNear(others.high ?? Number.NaN, wanted.highAmongOthers);
  const capped = estimated(summariseCapped(values, caps));
  const { mean, variance } = armOf(capped);
  expectNear([mean, variance], [wanted.mean, wanted.variance]);
  expect([capped.cappedLow, capped.cappedHigh]).toEqual([wanted.cappedLow, wanted.cappedHigh]);
});

it('corrections for many tests', () => {
  expectNear(adjustHolm(reference.corrections.p), reference.corrections.holm);
  expectNear(adjustBenjaminiHochberg(reference.corrections.p), reference.corrections.benjaminiHochberg);
});

it('interleaving is the regression clustered by user', () => {
  const wanted = reference.interleaving;
  const users = wanted.users.map(([wins = 0, ties = 0, losses = 0]) => ({ wins, ties, losses }));
  const result = estimated(compareInterleaving(estimated(tallyInterleaving(users))));
  expectNear(bounds(result.delta), wanted.delta);
  expectNear([result.standardError, result.p, result.signP], [wanted.standardError, wanted.p, wanted.signP]);
});

it('Thompson draws each arm as often as it is the best', () => {
  const arms = reference.thompson.arms.map(([successes = 0, failures = 0]) => ({ successes, failures }));
  const draws = 20_000;
  const { chances } = estimated(allocateThompson(arms, { better: 'up', seed: 5, draws }));
  for (const [arm, wanted] of reference.thompson.chances.entries()) {
    const fourErrors = 4 * Math.sqrt((wanted * (1 - wanted)) / draws);
    expect(Math.abs((chances[arm] ?? Number.NaN) - wanted)).toBeLessThan(fourErrors);
  }
});
