import { meanOf } from './paired-bootstrap.ts';
import { findFault, type Result } from './result.ts';
import { createSeededRandom } from './seeded-random.ts';

const exactCountMax = 14;
// Sums of the same numbers in another order differ in the last bits; they are the same outcome.
const tolerance = 1e-12;

export interface RandomisationOptions {
  resamples?: number;
  seed: number;
}

/**
 * Two-sided sign-flip test of "the mean difference is zero". Up to 14 pairs every sign pattern is counted;
 * beyond that patterns are drawn and the p-value is (hits + 1) / (draws + 1), never zero.
 */
export function randomisationTest(
  differences: ArrayLike<number>,
  options: RandomisationOptions,
): Result<{ mean: number; p: number; isExact: boolean }> {
  const fault = findFault(differences, 2);
  if (fault) return fault;
  const values = Float64Array.from(differences);
  const mean = meanOf(values);
  if (values.length <= exactCountMax) return { kind: 'estimated', mean, p: exactP(values), isExact: true };
  const { resamples = 10_000, seed } = options;
  return { kind: 'estimated', mean, p: drawnP(values, { resamples, seed }), isExact: false };
}

function exactP(values: Float64Array): number {
  const observed = Math.abs(meanOf(values)) * values.length - tolerance;
  const patterns = 2 ** values.length;
  let hits = 0;
  for (let pattern = 0; pattern < patterns; pattern++) {
    let sum = 0;
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as number;
      sum += (pattern >>> index) & 1 ? value : -value;
    }
    if (Math.abs(sum) >= observed) hits++;
  }
  return hits / patterns;
}

function drawnP(values: Float64Array, options: { resamples: number; seed: number }): number {
  const random = createSeededRandom(options.seed);
  const observed = Math.abs(meanOf(values)) * values.length - tolerance;
  let hits = 0;
  for (let resample = 0; resample < options.resamples; resample++) {
    let sum = 0;
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as number;
      sum += random.next() < 0.5 ? value : -value;
    }
    if (Math.abs(sum) >= observed) hits++;
  }
  return (hits + 1) / (options.resamples + 1);
}
