import type { Curve } from './series.ts';

/**
 * `ema`: weights fall by the distance in x, so that unevenly logged points count for the stretch they stand for, and the
 * start is not drawn towards zero. `mean`: centred running mean over a share of the points. `gaussian`: bell over x.
 */
export const smoothings = ['ema', 'mean', 'gaussian', 'none'] as const;
export type Smoothing = (typeof smoothings)[number];

/** Share of the x range that a full window, or a bell of ±2σ, takes at strength 1. */
const widest = 0.5;
/** Points per curve for which an EMA of a strength looks alike, however many there are. */
const referencePoints = 1_000;

/** The curve's y made smoother; strength from 0 (as it is) to 1. Gaps (not finite) stay gaps. */
export function smooth(curve: Curve, options: { kind: Smoothing; strength: number }): Float64Array {
  const strength = Math.min(0.999, Math.max(0, options.strength));
  if (strength === 0 || options.kind === 'none' || curve.x.length < 3) return Float64Array.from(curve.y);
  if (options.kind === 'ema') return smoothByTime(curve, strength);
  return options.kind === 'mean' ? smoothByMean(curve, strength) : smoothByBell(curve, strength);
}

function smoothByTime({ x, y }: Curve, strength: number): Float64Array {
  const range = spanOf(x);
  const result = new Float64Array(x.length).fill(Number.NaN);
  let sum = 0;
  let weight = 0;
  let before: number | null = null;
  for (let at = 0; at < x.length; at++) {
    const value = y[at] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    const place = x[at] ?? 0;
    const moved = before === null || range === 0 ? 0 : ((place - before) / range) * referencePoints;
    const kept = strength ** Math.min(moved, referencePoints);
    sum = sum * kept + value * (1 - strength);
    weight = weight * kept + (1 - strength);
    result[at] = sum / weight;
    before = place;
  }
  return result;
}

function smoothByMean({ x, y }: Curve, strength: number): Float64Array {
  const half = Math.max(1, Math.round((x.length * strength * widest) / 2));
  const sums = new Float64Array(x.length + 1);
  const counts = new Float64Array(x.length + 1);
  for (let at = 0; at < x.length; at++) {
    const value = y[at] ?? Number.NaN;
    const isGap = !Number.isFinite(value);
    sums[at + 1] = (sums[at] ?? 0) + (isGap ? 0 : value);
    counts[at + 1] = (counts[at] ?? 0) + (isGap ? 0 : 1);
  }
  return Float64Array.from({ length: x.length }, (_, at) => {
    if (!Number.isFinite(y[at])) return Number.NaN;
    // As far to the left as to the right, so that the ends lean to no side.
    const reach = Math.min(half, at, x.length - 1 - at);
    const from = at - reach;
    const to = at + reach + 1;
    return ((sums[to] ?? 0) - (sums[from] ?? 0)) / ((counts[to] ?? 0) - (counts[from] ?? 0));
  });
}

function smoothByBell({ x, y }: Curve, strength: number): Float64Array {
  const sigma = (spanOf(x) * strength * widest) / 4;
  if (sigma === 0) return Float64Array.from(y);
  const result = new Float64Array(x.length).fill(Number.NaN);
  let from = 0;
  for (let at = 0; at < x.length; at++) {
    if (!Number.isFinite(y[at])) continue;
    const centre = x[at] ?? 0;
    while ((x[from] ?? 0) < centre - 3 * sigma) from++;
    let sum = 0;
    let weight = 0;
    for (let other = from; other < x.length && (x[other] ?? 0) <= centre + 3 * sigma; other++) {
      const value = y[other] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      const factor = Math.exp(-0.5 * (((x[other] ?? 0) - centre) / sigma) ** 2);
      sum += factor * value;
      weight += factor;
    }
    result[at] = sum / weight;
  }
  return result;
}

function spanOf(x: ArrayLike<number>): number {
  return x.length === 0 ? 0 : Math.max(0, (x[x.length - 1] ?? 0) - (x[0] ?? 0));
}
