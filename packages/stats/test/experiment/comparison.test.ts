import { describe, expect, it } from 'vitest';
import {
  type ArmMoments,
  adjustCuped,
  checkSrm,
  compareInterleaving,
  compareSequential,
  compareWelch,
  type PairStats,
  summariseMean,
  summariseRatio,
  tallyInterleaving,
} from '../../src/index.ts';
import { estimated } from './estimated.ts';

const arm = (n: number, mean: number, variance: number): ArmMoments => ({ n, mean, variance });

function sumsOf(points: readonly (readonly [x: number, y: number])[]): PairStats {
  const stats = { n: 0, sumX: 0, sumY: 0, sumXX: 0, sumYY: 0, sumXY: 0 };
  for (const [x, y] of points) {
    stats.n++;
    stats.sumX += x;
    stats.sumY += y;
    stats.sumXX += x * x;
    stats.sumYY += y * y;
    stats.sumXY += x * y;
  }
  return stats;
}

const pair = { control: arm(2000, 3.2, 4), treatment: arm(1900, 3.4, 5) };
const swapped = { control: pair.treatment, treatment: pair.control };

describe.each([
  ['Welch', compareWelch],
  ['the sequential test', compareSequential],
])('%s', (_, compare) => {
  it('changes only the sign when the arms are swapped', () => {
    const [there, back] = [estimated(compare(pair)), estimated(compare(swapped))];
    expect(back.absolute.value).toBeCloseTo(-there.absolute.value, 12);
    expect(back.absolute.lo).toBeCloseTo(-there.absolute.hi, 12);
    expect(back.p).toBeCloseTo(there.p, 12);
  });

  it('gives a p below alpha exactly where the interval leaves out 0', () => {
    for (let step = 0; step < 60; step++) {
      const moved = { control: pair.control, treatment: arm(1900, 3.2 + step / 200, 5) };
      const { absolute, p } = estimated(compare(moved));
      expect(p < 0.05).toBe(absolute.lo > 0);
    }
  });

  it('says why there is no number, and names what is wrong', () => {
    expect(compare({ ...pair, control: arm(1, 1, 1) })).toMatchObject({ kind: 'insufficient', have: 1, needed: 2 });
    expect(compare({ ...pair, control: arm(9, Number.NaN, 1) })).toEqual({
      kind: 'invalid',
      reason: 'mean of control is not a finite number',
    });
    expect(compare({ control: arm(9, 0, 0), treatment: arm(9, 0, 0) }).kind).toBe('insufficient');
    expect(compare(pair, { alpha: 1 })).toEqual({ kind: 'invalid', reason: 'alpha is 1, not between 0 and 1' });
  });
});

it('Welch has no lift over a control that may as well be 0, but has the difference; the sequential test waits', () => {
  const noisy = { control: arm(100, 0.01, 1), treatment: arm(100, 0.4, 1) };
  const { relative, absolute } = estimated(compareWelch(noisy));
  expect(relative).toBeNull();
  expect(absolute.value).toBeCloseTo(0.39, 12);
  expect(compareSequential(noisy)).toMatchObject({ kind: 'insufficient', have: 100, needed: 157 });
});

it('the sequential interval is wider than the fixed one at every size', () => {
  for (const n of [50, 500, 5000, 500_000]) {
    const sized = { control: arm(n, 1, 1), treatment: arm(n, 1.1, 1) };
    const fixed = estimated(compareWelch(sized)).absolute;
    expect(estimated(compareSequential(sized)).absolute.hi).toBeGreaterThan(fixed.hi);
  }
});

describe('moments', () => {
  it('of sums that no values have are invalid', () => {
    expect(summariseMean({ n: 10, sum: 10, sumOfSquares: 5 })).toMatchObject({ kind: 'invalid' });
    expect(summariseRatio({ n: 3, sumX: 3, sumY: 3, sumXX: 5, sumYY: 5, sumXY: 90 })).toMatchObject({
      kind: 'invalid',
    });
    expect(summariseMean({ n: 2.5, sum: 1, sumOfSquares: 1 })).toMatchObject({ kind: 'invalid' });
  });

  it('do not turn rounding into spread', () => {
    expect(estimated(summariseMean({ n: 3, sum: 0.3, sumOfSquares: 0.03 })).variance).toBe(0);
  });

  it('of a ratio with nothing below the line are insufficient', () => {
    expect(
      summariseRatio(
        sumsOf([
          [0, 0],
          [0, 0],
        ]),
      ),
    ).toMatchObject({ kind: 'insufficient' });
  });
});

it('CUPED brings the arms to a common past: a difference that was there before is taken out', () => {
  const control = sumsOf(Array.from({ length: 400 }, (_, unit) => [unit % 10, 2 * (unit % 10) + (unit % 3)]));
  const treatment = sumsOf(
    Array.from({ length: 400 }, (_, unit) => [1 + (unit % 10), 2 + 2 * (unit % 10) + (unit % 3)]),
  );
  const adjusted = estimated(adjustCuped([control, treatment]));
  expect(adjusted.arms[1]?.mean).toBeCloseTo(adjusted.arms[0]?.mean ?? Number.NaN, 2);
  expect(adjusted.varianceLeft).toBeLessThan(0.03);
});

describe('checkSrm', () => {
  it('lets a fair split pass in any scale of weights, and stops a broken one', () => {
    const fair = estimated(checkSrm({ counts: [9020, 980], weights: [9000, 1000] }));
    expect(fair.isMismatch).toBe(false);
    expect(estimated(checkSrm({ counts: [9020, 980], weights: [0.9, 0.1] })).p).toBeCloseTo(fair.p, 12);
    expect(estimated(checkSrm({ counts: [26_000, 24_000], weights: [1, 1] })).isMismatch).toBe(true);
  });

  it('wants five expected in every arm, and names a wrong weight', () => {
    expect(checkSrm({ counts: [30, 1], weights: [99, 1] })).toMatchObject({ kind: 'insufficient', needed: 500 });
    expect(checkSrm({ counts: [30, 1], weights: [1, 0] })).toEqual({
      kind: 'invalid',
      reason: 'weight 1 is 0, not above 0',
    });
  });
});

describe('compareInterleaving', () => {
  const users = Array.from({ length: 60 }, (_, user) => ({ wins: user % 3, ties: 4, losses: user % 2 }));

  it('turns its sign when the sides are swapped, and does not see ties as a side', () => {
    const there = estimated(compareInterleaving(estimated(tallyInterleaving(users))));
    const turned = users.map(({ wins, ties, losses }) => ({ wins: losses, ties, losses: wins }));
    const back = estimated(compareInterleaving(estimated(tallyInterleaving(turned))));
    expect(there.delta.value).toBeGreaterThan(0);
    expect(back.delta.value).toBeCloseTo(-there.delta.value, 12);
    expect(back.signP).toBe(there.signP);
  });

  it('counts users, not searches: one keen user is no evidence', () => {
    const keen = { wins: 500, ties: 0, losses: 0 };
    const others = Array.from({ length: 40 }, (_, user) => ({ wins: user % 2, ties: 0, losses: 1 - (user % 2) }));
    const verdict = estimated(compareInterleaving(estimated(tallyInterleaving([keen, ...others, ...others]))));
    expect(verdict.delta.lo).toBeLessThan(0);
    expect(verdict.signP).toBe(1);
    expect(compareInterleaving(estimated(tallyInterleaving([keen, ...others])))).toMatchObject({
      kind: 'insufficient',
      have: 8,
      needed: 10,
    });
  });

  it('is insufficient while hardly anybody prefers a side', () => {
    const shy = estimated(tallyInterleaving([{ wins: 0, ties: 90, losses: 0 }, ...users.slice(0, 5)]));
    expect(compareInterleaving(shy)).toMatchObject({ kind: 'insufficient', needed: 10 });
    expect(tallyInterleaving([{ wins: -1, ties: 0, losses: 0 }])).toMatchObject({ kind: 'invalid' });
  });
});
