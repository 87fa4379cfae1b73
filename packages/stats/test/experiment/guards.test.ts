import { describe, expect, it } from 'vitest';
import {
  type ArmMoments,
  allocateThompson,
  checkGuardrail,
  checkMultipleExposure,
  checkPrePeriod,
  compareBayes,
  compareMsprt,
  findCaps,
  findDetectableEffect,
  findNeededUnits,
  findPower,
  planDuration,
  summariseCapped,
} from '../../src/index.ts';
import { estimated } from './estimated.ts';

const arm = (n: number, mean: number, variance: number): ArmMoments => ({ n, mean, variance });
const shareArm = (n: number, share: number) => arm(n, share, share * (1 - share));

describe('checkGuardrail', () => {
  const drop = { control: shareArm(4000, 0.3), treatment: shareArm(4000, 0.24) };

  it('is breached by a clear drop, and by a clear rise where low is good', () => {
    const allowed = { relative: 0.02 };
    const rise = { control: drop.treatment, treatment: drop.control };
    expect(estimated(checkGuardrail(drop, { better: 'up', allowed })).state).toBe('breached');
    expect(estimated(checkGuardrail(rise, { better: 'down', allowed })).state).toBe('breached');
    expect(estimated(checkGuardrail(rise, { better: 'up', allowed })).state).toBe('kept');
    expect(estimated(checkGuardrail(drop, { better: 'down', allowed })).state).toBe('kept');
  });

  it('is open while a drop may still be within what is allowed, and kept once it surely is', () => {
    expect(estimated(checkGuardrail(drop, { better: 'up', allowed: { absolute: 0.06 } })).state).toBe('open');
    expect(estimated(checkGuardrail(drop, { better: 'up', allowed: { absolute: 0.12 } })).state).toBe('kept');
  });

  it('sees a treatment that broke altogether, whose units all have the same value', () => {
    const broken = { control: shareArm(300, 0.3), treatment: arm(300, 0, 0) };
    const check = checkGuardrail(broken, { better: 'up', allowed: { relative: 0.1 } });
    expect(estimated(check).state).toBe('breached');
  });

  it('sees what the control never does: results that are missing in the treatment only', () => {
    const empty = { control: arm(5000, 0, 0), treatment: shareArm(60, 0.5) };
    expect(estimated(checkGuardrail(empty, { better: 'down', allowed: { relative: 0.1 } })).state).toBe('breached');
  });

  it('does not judge a canary by a handful of units, and says how many it lacks', () => {
    const few = { control: shareArm(9000, 0.2), treatment: arm(40, 0, 0) };
    const check = checkGuardrail(few, { better: 'up', allowed: { relative: 0.02 } });
    expect(check).toMatchObject({ kind: 'insufficient', have: 40, needed: 100 });
    expect(checkGuardrail(few, { better: 'up', allowed: { absolute: -1 } })).toMatchObject({ kind: 'invalid' });
  });
});

describe('compareMsprt', () => {
  const pair = { control: shareArm(3000, 0.3), treatment: shareArm(3000, 0.34) };

  it('never takes back what an earlier look rejected', () => {
    const now = estimated(compareMsprt(pair, { tau: 0.02, earlierP: 0.0001 }));
    expect([now.p, now.isRejected]).toEqual([0.0001, true]);
  });

  it('rejects exactly where its interval leaves out 0', () => {
    for (let step = 0; step < 40; step++) {
      const moved = { control: pair.control, treatment: shareArm(3000, 0.3 + step / 500) };
      const { absolute, isRejected } = estimated(compareMsprt(moved, { tau: 0.02 }));
      expect(isRejected).toBe(absolute.lo > 0);
    }
  });

  it('stays finite where the evidence is overwhelming', () => {
    const sure = { control: shareArm(1e7, 0.3), treatment: shareArm(1e7, 0.6) };
    const { logLikelihoodRatio, p } = estimated(compareMsprt(sure, { tau: 0.1 }));
    expect(Number.isFinite(logLikelihoodRatio)).toBe(true);
    expect(p).toBe(0);
    expect(compareMsprt(pair, { tau: 0 })).toMatchObject({ kind: 'invalid' });
  });
});

describe('compareBayes', () => {
  const pair = { control: shareArm(3000, 0.3), treatment: shareArm(3000, 0.33) };

  it('mirrors itself when low is good', () => {
    const [up, down] = [
      estimated(compareBayes(pair, { better: 'up' })),
      estimated(compareBayes(pair, { better: 'down' })),
    ];
    expect(down.chanceToWin).toBeCloseTo(1 - up.chanceToWin, 12);
    expect(down.expectedLoss).toEqual({ ship: up.expectedLoss.keep, keep: up.expectedLoss.ship });
    expect(up.expectedLoss.keep - up.expectedLoss.ship).toBeCloseTo(up.lift.value, 12);
  });

  it('draws the lift towards the prior, the more the fewer units there are', () => {
    const few = { control: shareArm(100, 0.3), treatment: shareArm(100, 0.33) };
    expect(estimated(compareBayes(pair, { better: 'up' })).lift.value).toBeGreaterThan(0.095);
    expect(estimated(compareBayes(few, { better: 'up' })).lift.value).toBeLessThan(0.08);
    expect(compareBayes({ ...few, control: shareArm(100, 0.01) }, { better: 'up' })).toMatchObject({
      kind: 'insufficient',
      needed: 2475,
    });
  });
});

it('a few units in two arms are harmless, one in fifty is not', () => {
  expect(estimated(checkMultipleExposure({ units: 10_000, multiple: 80 })).isExcessive).toBe(false);
  expect(estimated(checkMultipleExposure({ units: 10_000, multiple: 200 })).isExcessive).toBe(true);
  expect(estimated(checkMultipleExposure({ units: 50, multiple: 1 })).isExcessive).toBe(false);
  expect(checkMultipleExposure({ units: 0, multiple: 0 }).kind).toBe('insufficient');
  expect(checkMultipleExposure({ units: 5, multiple: 6 }).kind).toBe('invalid');
});

it('arms that differed before the start are noticed', () => {
  const fair = [arm(900, 3, 4), arm(950, 3.1, 4), arm(450, 2.95, 4)];
  expect(estimated(checkPrePeriod(fair)).isImbalanced).toBe(false);
  expect(estimated(checkPrePeriod([...fair, arm(900, 3.4, 4)])).isImbalanced).toBe(true);
  expect(checkPrePeriod([arm(900, 3, 4), arm(900, 0, 0)]).kind).toBe('insufficient');
});

describe('planning', () => {
  const design = { variance: 0.21, alpha: 0.05, power: 0.8 };

  it.each(['fixed', 'sequential'] as const)('%s: units, effect and power are inverses of each other', (test) => {
    const { units } = estimated(findNeededUnits({ ...design, test, effect: 0.02 }));
    expect(estimated(findDetectableEffect({ ...design, test, units })).effect).toBeCloseTo(0.02, 5);
    expect(estimated(findPower({ ...design, test, units, effect: 0.02 })).power).toBeCloseTo(0.8, 4);
  });

  it('to find half the effect takes four times the units', () => {
    const whole = estimated(findNeededUnits({ ...design, test: 'fixed', effect: 0.02 })).units;
    const half = estimated(findNeededUnits({ ...design, test: 'fixed', effect: 0.01 })).units;
    expect(half / whole).toBeCloseTo(4, 2);
  });

  it('runs for whole weeks on the traffic there is, as long as the smallest arm needs', () => {
    const question = { ...design, mean: 0.3, unitsPerDay: 1500, effect: { relative: 0.05 }, test: 'fixed' as const };
    const even = estimated(planDuration({ ...question, weights: [1, 1] }));
    expect(even.effect).toBeCloseTo(0.015, 12);
    expect(even.units).toBe(29_303);
    expect([even.weeks, Math.ceil(even.days)]).toEqual([3, 20]);
    expect(even.unitsPerArm).toEqual([14_652, 14_652]);
    const canary = estimated(planDuration({ ...question, weights: [95, 5] }));
    expect(canary.weeks).toBe(15);
    const [one, two] = even.outlook;
    expect((one?.effect ?? 0) / (two?.effect ?? 1)).toBeCloseTo(Math.SQRT2, 5);
  });

  it('shares alpha among the treatments', () => {
    const question = { ...design, mean: 0.3, unitsPerDay: 1500, effect: { relative: 0.05 } };
    const two = estimated(planDuration({ ...question, weights: [1, 1] }));
    const three = estimated(planDuration({ ...question, weights: [1, 1, 1] }));
    expect(three.units / two.units).toBeGreaterThan(1.5);
  });

  it('says what is missing', () => {
    const question = { ...design, mean: 0.3, unitsPerDay: 1500, effect: { relative: 0.05 }, weights: [1, 1] };
    expect(planDuration({ ...question, unitsPerDay: 0 }).kind).toBe('insufficient');
    expect(planDuration({ ...question, mean: 0 }).kind).toBe('insufficient');
    expect(planDuration({ ...question, variance: 0 }).kind).toBe('insufficient');
    expect(planDuration({ ...question, effect: { relative: 0 } })).toMatchObject({
      kind: 'invalid',
      reason: 'relative is 0, not a finite number above 0',
    });
    expect(findNeededUnits({ ...design, effect: 1e-12 }).kind).toBe('invalid');
  });
});

describe('caps', () => {
  const values = Array.from({ length: 200 }, (_, value) => ({ value, count: 1 }));

  it('count the same whether values come one by one or as a histogram', () => {
    const doubled = values.map(({ value }) => ({ value, count: 2 }));
    const listed = [...values, ...values];
    expect(findCaps(doubled, { high: 0.98 })).toEqual(findCaps(listed, { high: 0.98 }));
    expect(summariseCapped(doubled, { low: 3, high: 150 })).toEqual(summariseCapped(listed, { low: 3, high: 150 }));
  });

  it('at a fixed value bring in what lies beyond, and say how much that was', () => {
    expect(
      estimated(
        summariseCapped(
          [
            { value: 2, count: 3 },
            { value: 90, count: 2 },
          ],
          { low: null, high: 10 },
        ),
      ),
    ).toEqual({
      kind: 'estimated',
      n: 5,
      sum: 26,
      sumOfSquares: 212,
      cappedLow: 0,
      cappedHigh: 2,
    });
  });

  it('are not guessed from too few units', () => {
    expect(findCaps(values.slice(0, 50), { high: 0.99 })).toMatchObject({
      kind: 'insufficient',
      have: 50,
      needed: 100,
    });
    expect(findCaps(values, { low: 0.9, high: 0.1 }).kind).toBe('invalid');
    expect(summariseCapped(values, { low: 9, high: 1 }).kind).toBe('invalid');
  });
});

describe('allocateThompson', () => {
  const arms = [arm(2000, 0.3, 0.21), arm(2000, 0.36, 0.23), arm(2000, 0.29, 0.2), arm(2000, 0.28, 0.2)];

  it('sends most to the best, never less than a hundredth to any, and all of it somewhere', () => {
    const { shares } = estimated(allocateThompson(arms, { better: 'up', seed: 1 }));
    expect(shares[1]).toBeGreaterThan(0.95);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.01);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    const lowest = estimated(allocateThompson(arms, { better: 'down', seed: 1 })).shares;
    expect(lowest.indexOf(Math.max(...lowest))).toBe(3);
  });

  it('splits evenly while nothing is known, and repeats itself with the same seed', () => {
    const fresh = Array.from({ length: 4 }, () => ({ successes: 0, failures: 0 }));
    const { shares } = estimated(allocateThompson(fresh, { better: 'up', seed: 8 }));
    for (const share of shares) expect(Math.abs(share - 0.25)).toBeLessThan(0.02);
    expect(allocateThompson(fresh, { better: 'up', seed: 8 })).toEqual(
      allocateThompson(fresh, { better: 'up', seed: 8 }),
    );
  });

  it('leaves two arms to a test, and refuses a floor that leaves nothing', () => {
    expect(allocateThompson(arms.slice(0, 2), { better: 'up', seed: 1 }).kind).toBe('invalid');
    expect(allocateThompson(arms, { better: 'up', seed: 1, floor: 0.25 }).kind).toBe('invalid');
  });
});
