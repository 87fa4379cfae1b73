import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareClickRates,
  countImpressions,
  fitNonIncreasing,
  fitPbm,
  fitSdbn,
  fitTrust,
  harvestInterventions,
  measurePropensities,
  type Page,
  scoreCoec,
  weighByPropensity,
} from '../../src/bias/index.ts';
import { debiasClicks, effectiveSize, inverseAt } from '../../src/clicks/index.ts';

const outcome = fc.constantFrom('clicked', 'passed', 'unseen');
const page: fc.Arbitrary<Page> = fc
  .record({
    query: fc.constantFrom('a', 'b', 'c', 'd'),
    isRandom: fc.boolean(),
    swapRank: fc.option(fc.integer({ min: 1, max: 8 })),
    outcomes: fc.array(fc.tuple(fc.constantFrom('x', 'y', 'z', 'u', 'v', 'w'), outcome), {
      minLength: 1,
      maxLength: 6,
    }),
    first: fc.integer({ min: 1, max: 60 }),
  })
  .map(({ query, isRandom, swapRank, outcomes, first }) => ({
    ...{ query, isRandom, swapRank },
    items: [...new Map(outcomes)].map(([itemId, what], index) => ({
      ...{ itemId, rank: first + index, outcome: what, weight: what === 'clicked' ? 1 : 0 },
    })),
  }));
const pages = fc.array(page, { maxLength: 80 });
const chances = (values: readonly number[]) => values.every((value) => value > 0 && value <= 1);

describe('whatever the pages', () => {
  it('an estimate is a chance or a reason, never NaN', () => {
    const check = (given: Page[]) => {
      const table = countImpressions(given);
      for (const result of [
        fitPbm(table, { iterationsMax: 20 }),
        harvestInterventions(table),
        compareClickRates(table),
        fitSdbn(given),
      ])
        if (result.kind === 'estimated') expect(chances(result.theta)).toBe(true);
        else expect(result.reason).not.toMatch(/NaN|undefined/);
      expect(JSON.stringify(fitTrust(table))).not.toMatch(/NaN|Infinity/);
      expect([...scoreCoec(table)].every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
    };
    fc.assert(fc.property(pages, check), { numRuns: 60 });
  });

  it('the chosen curve starts at 1, has no gap, and encloses each θ', () => {
    fc.assert(
      fc.property(pages, (given) => {
        const curve = measurePropensities({ pages: given, dropped: {}, unrendered: 0 }, { resamples: 20 });
        expect(curve.points.map(({ rank }) => rank)).toEqual(curve.points.map((_, index) => index + 1));
        expect(chances(curve.points.map(({ theta }) => theta))).toBe(true);
        expect(curve.points[0]?.theta ?? 1).toBe(1);
        for (const { theta, lo, hi } of curve.points)
          if (lo !== null && hi !== null) expect(lo <= theta && theta <= hi).toBe(true);
        expect(curve.effectiveClicks).toBeLessThanOrEqual(curve.clicks + 1e-6);
      }),
      { numRuns: 30 },
    );
  });
});

describe('isotonic fit', () => {
  const weighted = fc.array(
    fc.tuple(fc.double({ min: 0, max: 5, noNaN: true }), fc.double({ min: 0.1, max: 9, noNaN: true })),
  );

  it('never rises, keeps the weighted mean, and leaves its own result alone', () => {
    fc.assert(
      fc.property(weighted, (given) => {
        const [values, weights] = [given.map(([value]) => value), given.map(([, weight]) => weight)];
        const fitted = fitNonIncreasing(values, weights);
        const mean = (of: readonly number[]) =>
          of.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0);
        fitted.forEach((value, index) => {
          expect(value).toBeLessThanOrEqual((fitted[index - 1] ?? Number.POSITIVE_INFINITY) + 1e-9);
        });
        expect(mean(fitted)).toBeCloseTo(mean(values), 6);
        fitNonIncreasing(fitted, weights).forEach((value, index) => {
          expect(value).toBeCloseTo(fitted[index] ?? 0, 9);
        });
      }),
    );
  });
});

describe('inverse propensities', () => {
  const curve = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
  const rank = fc.integer({ min: 1, max: 40 });

  it('lie between 1 and the cap', () => {
    fc.assert(
      fc.property(curve, rank, (theta, where) => {
        expect(inverseAt(theta, where)).toBeGreaterThanOrEqual(1);
        expect(inverseAt(theta, where)).toBeLessThanOrEqual(10);
        expect(inverseAt(theta, where, 3)).toBeLessThanOrEqual(3);
      }),
    );
  });

  it('leave a query its total weight and a click within the cap of its share', () => {
    const click = fc.record({ itemId: fc.string(), rank, weight: fc.double({ min: 0.1, max: 5, noNaN: true }) });
    fc.assert(
      fc.property(curve, fc.array(click, { minLength: 1, maxLength: 20 }), (propensities, clicks) => {
        const debiased = debiasClicks(clicks, { propensities });
        const total = (of: readonly { weight: number }[]) => of.reduce((sum, { weight }) => sum + weight, 0);
        expect(total(debiased)).toBeCloseTo(total(clicks), 6);
        debiased.forEach(({ weight }, index) => {
          const ratio = weight / (clicks[index]?.weight ?? 1);
          expect(ratio).toBeGreaterThan(1 / 10.001);
          expect(ratio).toBeLessThan(10.001);
        });
      }),
    );
  });

  it('correct little where a query has few clicks, and nothing where a rank says nothing', () => {
    const clicks = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ itemId: `${index}`, rank: index % 2 === 0 ? 1 : 5, weight: 1 }));
    const ratio = (count: number) => {
      const [first, fifth] = debiasClicks(clicks(count), { propensities: [1, 1, 1, 1, 0.2], shrinkClicks: 40 });
      return (fifth?.weight ?? 0) / (first?.weight ?? 1);
    };
    expect(ratio(4)).toBeLessThan(1.03);
    expect(ratio(40)).toBeCloseTo(Math.sqrt(5), 6);
    expect(ratio(400)).toBeGreaterThan(4.8);
    const unranked = clicks(4).map((click) => ({ ...click, rank: null }));
    expect(debiasClicks(unranked, { propensities: [1, 0.1] }).map(({ weight }) => weight)).toEqual([1, 1, 1, 1]);
  });

  it('make as many effective clicks as there are at most, and at least one', () => {
    fc.assert(
      fc.property(pages, curve, (given, theta) => {
        const weights = weighByPropensity(given, theta);
        if (weights.length === 0) return;
        expect(effectiveSize(weights)).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(effectiveSize(weights)).toBeLessThanOrEqual(weights.length + 1e-6);
      }),
    );
    expect(effectiveSize([2, 2, 2])).toBeCloseTo(3, 12);
    expect(effectiveSize([1, 0, 0])).toBe(1);
    expect(effectiveSize([])).toBe(0);
  });
});
