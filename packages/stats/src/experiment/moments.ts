import type { Fault, Result } from '../result.ts';

/** What one arm measured, one value per unit (user, session or key, whatever is assigned). Mergeable by adding. */
export interface MeanStats {
  /** Units, also those with value 0. */
  n: number;
  sum: number;
  sumOfSquares: number;
}

/**
 * Two values per unit. For a ratio metric (clicks per search, with users as units): y is what is counted, x what it is
 * divided by. For CUPED: y is the outcome, x the same unit's value before the experiment. Mergeable by adding.
 */
export interface PairStats {
  n: number;
  sumX: number;
  sumY: number;
  sumXX: number;
  sumYY: number;
  sumXY: number;
}

/** What every test takes: a metric's mean in one arm, and its variance per unit (standard error² = variance ÷ n). */
export interface ArmMoments {
  n: number;
  mean: number;
  variance: number;
}

export interface ArmPair {
  control: ArmMoments;
  treatment: ArmMoments;
}

/** What PairStats say: means, and sample variances and covariance (n − 1). */
export interface PairMoments {
  n: number;
  meanX: number;
  meanY: number;
  varianceX: number;
  varianceY: number;
  covariance: number;
}

/** A metric with one value per unit: revenue per user, whether the user converted (0 or 1). */
export function summariseMean({ n, sum, sumOfSquares }: MeanStats): Result<ArmMoments> {
  const fault = findCountFault(n) ?? findNumberFault({ sum, sumOfSquares });
  if (fault) return fault;
  const variance = varianceOf(n, sum, sumOfSquares);
  if (variance === null) return impossible('sumOfSquares');
  return { kind: 'estimated', n, mean: sum / n, variance };
}

/**
 * A ratio of two sums over units, by the delta method: Deng, Knoblich and Lu, "Applying the Delta Method in Metric
 * Analytics" (KDD 2018). Its mean is Σy ÷ Σx.
 */
export function summariseRatio(stats: PairStats): Result<ArmMoments> {
  const pair = summarisePair(stats);
  if (pair.kind !== 'estimated') return pair;
  const { n, meanX, meanY, varianceX, varianceY, covariance } = pair;
  if (meanX < 0) return { kind: 'invalid', reason: 'sumX is negative: a ratio needs a count to divide by' };
  if (meanX === 0) return { kind: 'insufficient', reason: 'nothing to divide by: sumX is 0', have: 0 };
  const ratio = meanY / meanX;
  const spread = varianceY - 2 * ratio * covariance + ratio * ratio * varianceX;
  const noise = (varianceY + ratio * ratio * varianceX) * 1e-12;
  return { kind: 'estimated', n, mean: ratio, variance: (spread <= noise ? 0 : spread) / (meanX * meanX) };
}

export function summarisePair(stats: PairStats): Result<PairMoments> {
  const { n, sumX, sumY, sumXX, sumYY, sumXY } = stats;
  const fault = findCountFault(n) ?? findNumberFault({ sumX, sumY, sumXX, sumYY, sumXY });
  if (fault) return fault;
  const varianceX = varianceOf(n, sumX, sumXX);
  const varianceY = varianceOf(n, sumY, sumYY);
  if (varianceX === null) return impossible('sumXX');
  if (varianceY === null) return impossible('sumYY');
  const covariance = (sumXY - (sumX * sumY) / n) / (n - 1);
  if (covariance * covariance > varianceX * varianceY * (1 + 1e-6) + 1e-12 * sumXX * sumYY) return impossible('sumXY');
  return { kind: 'estimated', n, meanX: sumX / n, meanY: sumY / n, varianceX, varianceY, covariance };
}

/** null: no numbers have these sums. What cancels down to rounding is 0. */
function varianceOf(n: number, sum: number, sumOfSquares: number): number | null {
  const centred = sumOfSquares - (sum * sum) / n;
  const noise = sumOfSquares * 1e-12;
  if (centred < -noise) return null;
  return centred <= noise ? 0 : centred / (n - 1);
}

function findCountFault(n: number): Fault | null {
  if (!Number.isInteger(n) || n < 0) return { kind: 'invalid', reason: `n is ${n}, not a count of units` };
  return n < 2 ? { kind: 'insufficient', reason: 'an arm needs two units to have a spread', have: n, needed: 2 } : null;
}

function findNumberFault(sums: Record<string, number>): Fault | null {
  for (const [name, value] of Object.entries(sums))
    if (!Number.isFinite(value)) return { kind: 'invalid', reason: `${name} is not a finite number` };
  return null;
}

function impossible(name: string): Fault {
  return { kind: 'invalid', reason: `${name} does not go with the other sums: no values have them` };
}
