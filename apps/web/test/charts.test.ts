import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookOf } from '../src/charts/line.ts';
import { createScale, linearTicks, rangeOf } from '../src/charts/scale.ts';

describe('scales', () => {
  const ends = fc.tuple(
    fc.double({ min: 0.001, max: 1e5, noNaN: true }),
    fc.double({ min: 0.01, max: 1e5, noNaN: true }),
  );
  it('find every value back from its pixel, linear and logarithmic', () => {
    fc.assert(
      fc.property(ends, fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }), ([from, width], isLog, share) => {
        const to = from + width;
        const scale = createScale({ from, to, start: 40, end: 640, isLog });
        const value = from + share * width;
        expect(scale.toValue(scale.toPixel(value)) / value).toBeCloseTo(1, 6);
        for (const tick of scale.ticks) expect(tick >= from - 1e-9 * to && tick <= to * (1 + 1e-9)).toBe(true);
      }),
    );
  });

  it('tick at round numbers', () => {
    expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(3, 97, 4)).toEqual([25, 50, 75]);
    expect(createScale({ from: 0.001, to: 10, start: 0, end: 1, isLog: true }).ticks).toEqual([
      0.001, 0.01, 0.1, 1, 10,
    ]);
  });

  it('leave out of a range what they cannot place, and give a single value some room', () => {
    expect(rangeOf([Number.NaN, -1, 0, 2, 8], { isLog: true })).toEqual([2, 8]);
    expect(rangeOf([5], { isLog: false })).toEqual([4.5, 5.5]);
    expect(rangeOf([Number.NaN], { isLog: false })).toBeNull();
  });
});

it('curves are told apart by colour first, then by dashes', () => {
  expect([lookOf(0), lookOf(5), lookOf(6)]).toEqual([
    { color: 1, isDashed: false },
    { color: 6, isDashed: false },
    { color: 1, isDashed: true },
  ]);
});
