import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bandOf,
  downSample,
  placeOnAxis,
  rangeWithoutOutliers,
  readCurve,
  smooth,
  smoothings,
} from '../src/series/index.ts';

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const curve = fc
  .array(fc.tuple(fc.double({ min: 0.001, max: 50, noNaN: true }), value), { minLength: 1, maxLength: 400 })
  .map((rows) => {
    let at = 0;
    return { x: rows.map(([gap]) => (at += gap)), y: rows.map(([, y]) => y) };
  });

describe('downSample', () => {
  it('keeps the bound, the order, the ends and the extremes of every curve', () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 4, max: 200 }), ({ x, y }, most) => {
        const kept = downSample({ x, y }, most);
        expect(kept.length).toBeLessThanOrEqual(Math.max(most, 2));
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(x.length - 1);
        const values = kept.map((at) => y[at] ?? Number.NaN);
        expect(Math.max(...values)).toBe(Math.max(...y));
        expect(Math.min(...values)).toBe(Math.min(...y));
      }),
    );
  });

  it('keeps the extremes of every stretch, not only of the whole', () => {
    const x = Array.from({ length: 10_000 }, (_, at) => at);
    const y = x.map((at) => (at === 1_234 ? 50 : at === 7_777 ? -50 : Math.sin(at)));
    const kept = new Set(downSample({ x, y }, 100));
    expect(kept.has(1_234) && kept.has(7_777)).toBe(true);
    for (let from = 0; from < 10_000; from += 1_000)
      expect([...kept].filter((at) => at >= from && at < from + 1_000).length).toBeGreaterThan(5);
  });

  it('leaves short curves as they are, but for points that are not finite', () => {
    expect(downSample({ x: [1, 2, 3], y: [1, Number.NaN, 3] }, 10)).toEqual([0, 2]);
    expect(downSample({ x: [], y: [] }, 10)).toEqual([]);
    expect(downSample({ x: [1, 1, 1, 1, 1], y: [1, 5, 2, 0, 3] }, 4)).toContain(3);
  });
});

describe('placeOnAxis', () => {
  const run = { steps: [1, 2, 3, 4], times: [1_000, 2_000, 62_000, 63_000], startedAt: 0, resumedAt: [61_000] };
  it('leaves the time between attempts out of the process axis, and only there', () => {
    expect([...placeOnAxis(run, 'step')]).toEqual([1, 2, 3, 4]);
    expect([...placeOnAxis(run, 'wall')]).toEqual([1_000, 2_000, 62_000, 63_000]);
    expect([...placeOnAxis(run, 'relative')]).toEqual([1, 2, 62, 63]);
    expect([...placeOnAxis(run, 'process')]).toEqual([1, 2, 3, 4]);
  });
  it('counts an attempt that logged nothing as running for no time', () => {
    const gaps = { ...run, times: [1_000, 2_000, 92_000, 93_000], resumedAt: [61_000, 91_000] };
    expect([...placeOnAxis(gaps, 'process')]).toEqual([1, 2, 3, 4]);
  });
});

describe('smooth', () => {
  const strengths = fc.double({ min: 0.01, max: 1, noNaN: true });
  it('stays within the range of the values and keeps constants, whatever the kind', () => {
    fc.assert(
      fc.property(curve, fc.constantFrom(...smoothings), strengths, ({ x, y }, kind, strength) => {
        const smoothed = smooth({ x, y }, { kind, strength });
        expect(smoothed.length).toBe(y.length);
        const slack = 1e-6 * (1 + Math.max(...y.map(Math.abs)));
        expect(Math.max(...smoothed)).toBeLessThanOrEqual(Math.max(...y) + slack);
        expect(Math.min(...smoothed)).toBeGreaterThanOrEqual(Math.min(...y) - slack);
        const flat = smooth({ x, y: y.map(() => 7) }, { kind, strength });
        for (const level of flat) expect(level).toBeCloseTo(7, 6);
      }),
    );
  });

  it('gives back the raw values at strength 0 or without smoothing', () => {
    const raw = { x: [1, 2, 3], y: [5, 1, 9] };
    expect([...smooth(raw, { kind: 'ema', strength: 0 })]).toEqual(raw.y);
    expect([...smooth(raw, { kind: 'none', strength: 0.9 })]).toEqual(raw.y);
  });

  it('takes noise away: less movement from point to point than before', () => {
    const x = Array.from({ length: 500 }, (_, at) => at);
    const y = x.map((at) => at / 100 + ((at * 7_919) % 13) / 13);
    const movement = (values: ArrayLike<number>) =>
      Array.from({ length: values.length - 1 }, (_, at) => Math.abs((values[at + 1] ?? 0) - (values[at] ?? 0))).reduce(
        (sum, step) => sum + step,
        0,
      );
    for (const kind of ['ema', 'mean', 'gaussian'] as const)
      expect(movement(smooth({ x, y }, { kind, strength: 0.9 }))).toBeLessThan(movement(y) / 3);
  });

  it('weighs by distance in x: a far older point counts less than a near one', () => {
    const near = smooth({ x: [0, 999, 1_000], y: [0, 0, 1] }, { kind: 'ema', strength: 0.9 })[2] ?? 0;
    const far = smooth({ x: [0, 1, 1_000], y: [0, 0, 1] }, { kind: 'ema', strength: 0.9 })[2] ?? 0;
    expect(far).toBeGreaterThan(near);
  });

  it('leaves gaps as gaps', () => {
    for (const kind of ['ema', 'mean', 'gaussian'] as const) {
      const smoothed = smooth({ x: [1, 2, 3, 4], y: [1, Number.NaN, 3, 5] }, { kind, strength: 0.5 });
      expect([...smoothed].map(Number.isFinite)).toEqual([true, false, true, true]);
    }
  });
});

describe('bands and ranges', () => {
  it('is the mean and the spread of the curves that reach a place', () => {
    const band = bandOf(
      [
        { x: [0, 10], y: [0, 10] },
        { x: [0, 5], y: [2, 2] },
      ],
      3,
    );
    expect([...band.x]).toEqual([0, 5, 10]);
    expect([...band.mean]).toEqual([1, 3.5, 10]);
    expect([...band.curves]).toEqual([2, 2, 1]);
    expect([band.low[0], band.high[0]]).toEqual([0, 2]);
  });
  it('reads no curve beyond its ends', () => {
    expect(readCurve({ x: [1, 3], y: [1, 5] }, 2)).toBe(3);
    expect(readCurve({ x: [1, 3], y: [1, 5] }, 3)).toBe(5);
    expect(readCurve({ x: [1, 3], y: [1, 5] }, 3.1)).toBeNaN();
    expect(bandOf([], 5).x).toHaveLength(0);
  });
  it('leaves the outermost values out of the range', () => {
    const values = [...Array.from({ length: 98 }, (_, at) => at), 1e9, -1e9];
    expect(rangeWithoutOutliers(values)).toEqual([1, 96]);
    expect(rangeWithoutOutliers([Number.NaN])).toBeNull();
  });
});
