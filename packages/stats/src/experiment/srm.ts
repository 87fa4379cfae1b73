import { chiSquareTail, logGamma } from '../distribution/index.ts';
import type { Result } from '../result.ts';
import { findShareFault } from './effect.ts';

export interface SplitCounts {
  /** Units exposed, by arm. */
  counts: readonly number[];
  /** What the split was meant to be, by arm, in any scale (1 and 1, or 9,000 and 1,000 buckets). */
  weights: readonly number[];
  /** p below which the split is broken; default .001. */
  threshold?: number;
}

export interface SplitCheck {
  chiSquare: number;
  degrees: number;
  p: number;
  /** Valid however often one looks; slower to see a mismatch than p, which is for a handful of looks. */
  sequentialP: number;
  expected: number[];
  /** The arms did not get the share they were to get: no number of this experiment means anything. */
  isMismatch: boolean;
}

const leastExpected = 5;
// Units' worth of belief in the intended split: the sequential p is quickest for splits off by about 2 of 100.
const concentration = 500;

/**
 * Sample ratio mismatch: Pearson's χ² of the units exposed against the intended split. Fabijan and others,
 * "Diagnosing Sample Ratio Mismatch in Online Controlled Experiments" (KDD 2019). Insufficient below five expected in
 * an arm.
 */
export function checkSrm({ counts, weights, threshold = 0.001 }: SplitCounts): Result<SplitCheck> {
  const reason = findSplitReason(counts, weights);
  if (reason) return { kind: 'invalid', reason };
  const fault = findShareFault({ threshold });
  if (fault) return fault;
  const units = sumOf(counts);
  const expected = weights.map((weight) => (units * weight) / sumOf(weights));
  const needed = Math.ceil((leastExpected * sumOf(weights)) / Math.min(...weights));
  if (units < needed) return { kind: 'insufficient', reason: 'too few units to judge the split', have: units, needed };
  const chiSquare = expected.reduce((sum, share, arm) => sum + ((counts[arm] ?? 0) - share) ** 2 / share, 0);
  const degrees = counts.length - 1;
  const p = chiSquareTail(chiSquare, degrees);
  const sequentialP = Math.min(1, Math.exp(-logBayesFactor(counts, weights)));
  return { kind: 'estimated', chiSquare, degrees, p, sequentialP, expected, isMismatch: p < threshold };
}

/**
 * Any split, drawn from a Dirichlet distribution about the intended one, against exactly that: Lindon and Malek,
 * "Anytime-Valid Inference for Multinomial Count Data" (NeurIPS 2022).
 */
function logBayesFactor(counts: readonly number[], weights: readonly number[]): number {
  const whole = sumOf(weights);
  const start = logGamma(concentration) - logGamma(concentration + sumOf(counts));
  return weights.reduce((sum, weight, arm) => {
    const [share, count] = [weight / whole, counts[arm] ?? 0];
    const belief = concentration * share;
    return sum + logGamma(belief + count) - logGamma(belief) - count * Math.log(share);
  }, start);
}

function findSplitReason(counts: readonly number[], weights: readonly number[]): string | null {
  if (counts.length < 2) return 'a split needs two arms';
  if (counts.length !== weights.length) return `${counts.length} counts, but ${weights.length} weights`;
  const wrongCount = counts.findIndex((count) => !Number.isInteger(count) || count < 0);
  if (wrongCount >= 0) return `count ${wrongCount} is ${counts[wrongCount]}, not a count of units`;
  const wrongWeight = weights.findIndex((weight) => !(weight > 0 && Number.isFinite(weight)));
  return wrongWeight >= 0 ? `weight ${wrongWeight} is ${weights[wrongWeight]}, not above 0` : null;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
