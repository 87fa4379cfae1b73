import { findFault, type Result } from './result.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

export interface BootstrapOptions {
  /** Default 10,000. */
  resamples?: number;
  seed: number;
  /** Two-sided coverage; default .95. */
  level?: number;
}

export interface Interval {
  mean: number;
  lo: number;
  hi: number;
}

/** Percentile bootstrap of the mean of paired differences: one difference per query. */
export function pairedBootstrap(differences: ArrayLike<number>, options: BootstrapOptions): Result<Interval> {
  const { resamples = 10_000, level = 0.95 } = options;
  const fault = findFault(differences, 2);
  if (fault) return fault;
  if (!(level > 0 && level < 1)) return { kind: 'invalid', reason: `level ${level} is not between 0 and 1` };
  if (!(Number.isInteger(resamples) && resamples >= 100))
    return { kind: 'invalid', reason: `resamples ${resamples} is not an integer of at least 100` };
  const values = Float64Array.from(differences);
  const means = resampleMeans(values, resamples, createSeededRandom(options.seed)).sort();
  const tail = (1 - level) / 2;
  return { kind: 'estimated', mean: meanOf(values), lo: quantile(means, tail), hi: quantile(means, 1 - tail) };
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] ?? 0;
  return values.length === 0 ? 0 : sum / values.length;
}

/** Linear interpolation between order statistics of an ascending array. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (position - below);
}

function resampleMeans(values: Float64Array, resamples: number, random: SeededRandom): Float64Array {
  const means = new Float64Array(resamples);
  const count = values.length;
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    for (let draw = 0; draw < count; draw++) sum += values[random.nextIndex(count)] as number;
    means[resample] = sum / count;
  }
  return means;
}
