import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeededRandom, meanOf, pairedBootstrap, quantile, randomisationTest } from '../src/index.ts';

function normals(count: number, seed: number): number[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
    return radius * Math.cos(2 * Math.PI * random.next());
  });
}

function estimated<T extends { kind: string }>(result: T): Extract<T, { kind: 'estimated' }> {
  if (result.kind !== 'estimated') throw new TypeError(`not estimated: ${JSON.stringify(result)}`);
  return result as Extract<T, { kind: 'estimated' }>;
}

describe('pairedBootstrap', () => {
  it('meets the exact bootstrap distribution of two values: -1, 0, 1 with weights 1/4, 1/2, 1/4', () => {
    const wide = estimated(pairedBootstrap([-1, 1], { seed: 3, level: 0.95 }));
    expect([wide.mean, wide.lo, wide.hi]).toEqual([0, -1, 1]);
    const narrow = estimated(pairedBootstrap([-1, 1], { seed: 3, level: 0.4 }));
    expect([narrow.lo, narrow.hi]).toEqual([0, 0]);
  });

  it('meets the exact binomial interval for zero-one differences', () => {
    // 30 ones of 100: the bootstrap sum is Binomial(100, .3), whose .025 and .975 quantiles are 21 and 39.
    const values = Array.from({ length: 100 }, (_, index) => (index < 30 ? 1 : 0));
    const result = estimated(pairedBootstrap(values, { seed: 11, resamples: 20_000 }));
    expect(Math.abs(result.lo - 0.21)).toBeLessThanOrEqual(0.0101);
    expect(Math.abs(result.hi - 0.39)).toBeLessThanOrEqual(0.0101);
  });

  it('meets the normal approximation on two thousand queries', () => {
    const values = normals(2000, 5).map((value) => 0.04 + 0.3 * value);
    const mean = meanOf(values);
    const deviation = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
    const half = (1.959964 * deviation) / Math.sqrt(values.length);
    const result = estimated(pairedBootstrap(values, { seed: 1 }));
    expect(Math.abs(result.lo - (mean - half))).toBeLessThan(half * 0.05);
    expect(Math.abs(result.hi - (mean + half))).toBeLessThan(half * 0.05);
  });

  it('narrows with the square root of the number of queries', () => {
    const width = (count: number) => {
      const { lo, hi } = estimated(pairedBootstrap(normals(count, 9), { seed: 2, resamples: 4000 }));
      return hi - lo;
    };
    const ratio = width(100) / width(1600);
    expect(ratio).toBeGreaterThan(3.2);
    expect(ratio).toBeLessThan(4.8);
  });

  it('covers the true mean about as often as it promises', () => {
    let covered = 0;
    for (let trial = 0; trial < 200; trial++) {
      const { lo, hi } = estimated(pairedBootstrap(normals(60, 1000 + trial), { seed: trial, resamples: 500 }));
      if (lo <= 0 && hi >= 0) covered++;
    }
    expect(covered / 200).toBeGreaterThan(0.89);
    expect(covered / 200).toBeLessThan(0.99);
  });

  it('changes only its sign when before and after are swapped', () => {
    const differences = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(differences, fc.integer(), (values, seed) => {
        const forward = estimated(pairedBootstrap(values, { seed, resamples: 200 }));
        const swapped = estimated(
          pairedBootstrap(
            values.map((value) => -value),
            { seed, resamples: 200 },
          ),
        );
        expect(swapped.mean).toBeCloseTo(-forward.mean, 12);
        expect(swapped.lo).toBeCloseTo(-forward.hi, 12);
        expect(swapped.hi).toBeCloseTo(-forward.lo, 12);
      }),
      { numRuns: 30 },
    );
  });

  it('repeats itself with the same seed and differs with another', () => {
    const values = normals(50, 4);
    expect(pairedBootstrap(values, { seed: 7 })).toEqual(pairedBootstrap(values, { seed: 7 }));
    expect(pairedBootstrap(values, { seed: 7 })).not.toEqual(pairedBootstrap(values, { seed: 8 }));
  });

  it('says that one query is too few and that a non-finite difference is no number', () => {
    expect(pairedBootstrap([0.1], { seed: 1 })).toMatchObject({ kind: 'insufficient', have: 1, needed: 2 });
    expect(pairedBootstrap([0.1, Number.NaN], { seed: 1 })).toEqual({
      kind: 'invalid',
      reason: 'value 1 is not a finite number',
    });
    expect(pairedBootstrap([0.1, 0.2], { seed: 1, level: 1 }).kind).toBe('invalid');
  });
});

describe('randomisationTest', () => {
  it('counts every sign pattern of a small sample', () => {
    // All of five differences positive: 2 of the 32 patterns are as extreme.
    expect(estimated(randomisationTest([1, 2, 3, 4, 5], { seed: 1 })).p).toBe(2 / 32);
    // Fisher's exact enumeration for 1, 2, -3: sums are -6, -4, -2, 0, 0, 2, 4, 6 and the observed sum is 0.
    expect(estimated(randomisationTest([1, 2, -3], { seed: 1 })).p).toBe(1);
  });

  it('agrees with the z test on a large sample', () => {
    const values = normals(400, 21).map((value) => value + 0.1);
    const z = (meanOf(values) * Math.sqrt(400)) / Math.sqrt(meanOf(values.map((value) => value ** 2)));
    const result = estimated(randomisationTest(values, { seed: 5 }));
    expect(result.isExact).toBe(false);
    expect(Math.abs(result.p - 2 * upperTail(Math.abs(z)))).toBeLessThan(0.015);
  });

  it('never reports a p-value of zero', () => {
    const sure = Array.from({ length: 50 }, () => 1);
    expect(estimated(randomisationTest(sure, { seed: 5, resamples: 999 })).p).toBe(0.001);
  });
});

describe('quantile', () => {
  it('interpolates between order statistics', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4], 1)).toBe(4);
  });
});

describe('createSeededRandom', () => {
  it('is uniform over indices to chi-square accuracy, also for neighbouring seeds', () => {
    for (const seed of [0, 1, 2, -5]) {
      const random = createSeededRandom(seed);
      const counts = new Array<number>(20).fill(0);
      for (let draw = 0; draw < 20_000; draw++) {
        const index = random.nextIndex(20);
        counts[index] = (counts[index] ?? 0) + 1;
      }
      const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
      expect(chiSquare).toBeLessThan(43.8);
    }
  });
});

/** Abramowitz and Stegun 26.2.17. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
