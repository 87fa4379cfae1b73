import type { SeededRandom } from '../seeded-random.ts';

/** What one setting may be: a range of numbers, or one of some values. */
export type SearchRange =
  | { from: number; to: number; scale: 'linear' | 'log'; isWhole?: boolean }
  | { values: readonly unknown[] };

/** Ranges by the name of the setting. */
export type SearchSpace = Readonly<Record<string, SearchRange>>;

export type SearchPoint = Record<string, unknown>;

/**
 * Points spread over the space by a Latin hypercube: each range is cut into as many parts as there are points, and every
 * part holds one, so that few points leave no part of any range unseen. The same seed gives the same points.
 */
export function spreadPoints(space: SearchSpace, count: number, random: SeededRandom): SearchPoint[] {
  const points: SearchPoint[] = Array.from({ length: count }, () => ({}));
  for (const [name, range] of Object.entries(space).sort(([left], [right]) => (left < right ? -1 : 1))) {
    const parts = shuffleParts(count, random);
    points.forEach((point, at) => {
      point[name] = pick(range, ((parts[at] ?? 0) + random.next()) / count);
    });
  }
  return points;
}

/** `share` from 0 to below 1. */
export function pick(range: SearchRange, share: number): unknown {
  if ('values' in range)
    return range.values[Math.min(range.values.length - 1, Math.floor(share * range.values.length))];
  const { from, to, scale, isWhole } = range;
  const value =
    scale === 'log'
      ? Math.exp(Math.log(from) + share * Math.log(to / from))
      : from + share * (to - from + (isWhole ? 1 : 0));
  if (isWhole)
    return Math.max(Math.ceil(from), Math.min(Math.floor(to), scale === 'log' ? Math.round(value) : Math.floor(value)));
  return Number(value.toPrecision(4));
}

function shuffleParts(count: number, random: SeededRandom): number[] {
  const parts = Array.from({ length: count }, (_, part) => part);
  for (let at = count - 1; at > 0; at--) {
    const other = random.nextIndex(at + 1);
    [parts[at], parts[other]] = [parts[other] ?? 0, parts[at] ?? 0];
  }
  return parts;
}
