import type { Curve } from './series.ts';

export interface Band {
  x: Float64Array;
  mean: Float64Array;
  /** Mean minus and plus one standard deviation over the curves that reach this x. */
  low: Float64Array;
  high: Float64Array;
  curves: Int32Array;
}

/** Mean and spread of several curves on common places; each is read between its points and nowhere beyond its ends. */
export function bandOf(curves: readonly Curve[], places: number): Band {
  const usable = curves.filter(({ x }) => x.length > 0);
  const from = Math.min(...usable.map(({ x }) => x[0] ?? 0));
  const to = Math.max(...usable.map(({ x }) => x[x.length - 1] ?? 0));
  const count = usable.length === 0 ? 0 : to > from ? Math.max(2, places) : 1;
  const x = Float64Array.from({ length: count }, (_, at) =>
    count === 1 ? from : from + ((to - from) * at) / (count - 1),
  );
  const mean = new Float64Array(count);
  const low = new Float64Array(count);
  const high = new Float64Array(count);
  const reached = new Int32Array(count);
  for (let at = 0; at < count; at++) {
    const values = usable.map((curve) => readCurve(curve, x[at] ?? 0)).filter(Number.isFinite);
    const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length);
    mean[at] = middle;
    low[at] = middle - spread;
    high[at] = middle + spread;
    reached[at] = values.length;
  }
  return { x, mean, low, high, curves: reached };
}

/** The curve's y at x, on the straight line between its neighbours; NaN beyond its ends. */
export function readCurve({ x, y }: Curve, place: number): number {
  const last = x.length - 1;
  if (last < 0 || place < (x[0] ?? 0) || place > (x[last] ?? 0)) return Number.NaN;
  let left = 0;
  let right = last;
  while (right - left > 1) {
    const middle = (left + right) >> 1;
    if ((x[middle] ?? 0) <= place) left = middle;
    else right = middle;
  }
  const start = x[left] ?? 0;
  const width = (x[right] ?? 0) - start;
  if (place === (x[right] ?? 0)) return y[right] ?? Number.NaN;
  const share = width === 0 ? 0 : (place - start) / width;
  return (y[left] ?? Number.NaN) + share * ((y[right] ?? Number.NaN) - (y[left] ?? Number.NaN));
}

/** The range of y without the outermost `share` on either side; null when nothing is finite. */
export function rangeWithoutOutliers(values: Iterable<number>, share = 0.02): [number, number] | null {
  const sorted = Float64Array.from([...values].filter(Number.isFinite)).sort();
  if (sorted.length === 0) return null;
  const cut = Math.floor(sorted.length * share);
  return [sorted[cut] ?? 0, sorted[sorted.length - 1 - cut] ?? 0];
}
