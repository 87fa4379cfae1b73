import type { Fault, Result } from '../result.ts';
import type { MeanStats } from './moments.ts';

/** A histogram's line: `count` units had this value. Raw values come with count 1; arms merge by joining the lists. */
export interface ValueCount {
  value: number;
  count: number;
}

/** Values below `low` count as `low`, above `high` as `high`; null leaves that side alone. */
export interface Caps {
  low: number | null;
  high: number | null;
}

export interface CapShares {
  /** Percentile of the lower cap as a share, .01; default none. */
  low?: number;
  /** Percentile of the upper cap as a share, .99; default none. */
  high?: number;
  /** Percentiles among units with a value other than 0, for metrics that most units have none of; default false. */
  ignoreZeros?: boolean;
}

export interface CappedStats extends MeanStats {
  /** Units whose value was changed. */
  cappedLow: number;
  cappedHigh: number;
}

/**
 * Caps at percentiles, interpolated between neighbours. To be taken over the units of ALL arms together, and then
 * applied to each: caps of an arm's own would hide the difference. A cap at a fixed value needs no call.
 */
export function findCaps(values: readonly ValueCount[], { low, high, ignoreZeros = false }: CapShares): Result<Caps> {
  const fault = findValueFault(values) ?? findShareOrder(low, high);
  if (fault) return fault;
  const counted = values.filter(({ value, count }) => count > 0 && !(ignoreZeros && value === 0));
  const units = counted.reduce((sum, { count }) => sum + count, 0);
  const tail = Math.min(low ?? 1, high === undefined ? 1 : 1 - high);
  const needed = Math.max(1, Math.round(1 / tail));
  if (units < needed)
    return { kind: 'insufficient', reason: 'too few units to know such a percentile', have: units, needed };
  const sorted = counted.sort((left, right) => left.value - right.value);
  const at = (share: number | undefined) => (share === undefined ? null : percentileOf(sorted, (units - 1) * share));
  return { kind: 'estimated', low: at(low), high: at(high) };
}

/** One arm's sums with every value brought within the caps. */
export function summariseCapped(values: readonly ValueCount[], { low, high }: Caps): Result<CappedStats> {
  const fault = findValueFault(values);
  if (fault) return fault;
  for (const [name, cap] of Object.entries({ low, high }))
    if (cap !== null && !Number.isFinite(cap)) return { kind: 'invalid', reason: `cap ${name} is not a finite number` };
  if (low !== null && high !== null && low > high)
    return { kind: 'invalid', reason: `cap low is ${low}, above cap high ${high}` };
  const stats = { n: 0, sum: 0, sumOfSquares: 0, cappedLow: 0, cappedHigh: 0 };
  for (const { value, count } of values) {
    const capped = Math.min(Math.max(value, low ?? value), high ?? Number.POSITIVE_INFINITY);
    stats.n += count;
    stats.sum += count * capped;
    stats.sumOfSquares += count * capped * capped;
    if (capped > value) stats.cappedLow += count;
    if (capped < value) stats.cappedHigh += count;
  }
  return { kind: 'estimated', ...stats };
}

function percentileOf(sorted: readonly ValueCount[], position: number): number {
  const below = valueAt(sorted, Math.floor(position));
  return below + (valueAt(sorted, Math.ceil(position)) - below) * (position - Math.floor(position));
}

function valueAt(sorted: readonly ValueCount[], position: number): number {
  let passed = 0;
  for (const { value, count } of sorted) {
    passed += count;
    if (position < passed) return value;
  }
  return sorted.at(-1)?.value ?? 0;
}

function findValueFault(values: readonly ValueCount[]): Fault | null {
  for (const [place, { value, count }] of values.entries()) {
    if (!Number.isFinite(value)) return { kind: 'invalid', reason: `value ${place} is not a finite number` };
    if (!(Number.isInteger(count) && count >= 0))
      return { kind: 'invalid', reason: `count ${place} is ${count}, not a count of units` };
  }
  return null;
}

function findShareOrder(low = 0, high = 1): Fault | null {
  if (low >= 0 && low < high && high <= 1) return null;
  return { kind: 'invalid', reason: `caps from ${low} to ${high} are not shares in ascending order` };
}
