import type { Curve } from './series.ts';

/**
 * Places (ascending) of at most `pointsMax` points that draw the same picture: the first and the last one and, of each
 * of equally wide stretches of x, the lowest and the highest. Points that are not finite count as gaps and are left out.
 */
export function downSample({ x, y }: Curve, pointsMax: number): number[] {
  const finite: number[] = [];
  for (let at = 0; at < x.length; at++) if (Number.isFinite(y[at]) && Number.isFinite(x[at])) finite.push(at);
  const most = Math.max(2, Math.floor(pointsMax));
  if (finite.length <= most) return finite;
  const first = finite[0] ?? 0;
  const last = finite.at(-1) ?? 0;
  const buckets = Math.floor((most - 2) / 2);
  const from = x[first] ?? 0;
  const width = ((x[last] ?? 0) - from) / Math.max(1, buckets);
  const low = new Int32Array(buckets).fill(-1);
  const high = new Int32Array(buckets).fill(-1);
  for (const at of buckets === 0 ? [] : finite) {
    const bucket = width > 0 ? Math.min(buckets - 1, Math.floor(((x[at] ?? 0) - from) / width)) : 0;
    const value = y[at] ?? 0;
    const lowest = low[bucket] ?? -1;
    const highest = high[bucket] ?? -1;
    if (lowest < 0 || value < (y[lowest] ?? 0)) low[bucket] = at;
    if (highest < 0 || value > (y[highest] ?? 0)) high[bucket] = at;
  }
  const kept = new Set([first, last]);
  for (const at of [...low, ...high]) if (at >= 0) kept.add(at);
  return [...kept].sort((left, right) => left - right);
}
