import { StudioError } from '@embedding-studio/contracts';
import { type Estimate, insufficient } from '../bias/estimate.ts';
import { effectiveSize } from '../clicks/inverse-propensity.ts';
import type { CounterfactualOptions, CounterfactualValue, LoggedDraw } from './logged-draw.ts';

export interface WeighedDraws {
  draws: readonly LoggedDraw[];
  weights: readonly number[];
  counts: Pick<CounterfactualValue, 'draws' | 'effective' | 'covered' | 'clipped'>;
}

const defaults = { weightMax: 20, effectiveMin: 30, rewardsMin: 5 };

/** @throws StudioError INTERNAL for a probability that is none. */
export function weighDraws(draws: readonly LoggedDraw[], options: CounterfactualOptions = {}): Estimate<WeighedDraws> {
  const { weightMax, effectiveMin, rewardsMin } = { ...defaults, ...options };
  const raw = draws.map(weightOf);
  const weights = raw.map((weight) => Math.min(weightMax, weight));
  const effective = effectiveSize(weights);
  const rewarded = draws.filter(({ reward }, index) => reward !== 0 && (weights[index] ?? 0) > 0).length;
  if (effective < effectiveMin)
    return insufficient(`the draws are worth ${Math.floor(effective)} of equal weight, ${effectiveMin} are needed`);
  if (rewarded < rewardsMin) return insufficient(`${rewarded} of the draws were rewarded, ${rewardsMin} are needed`);
  const covered = raw.reduce((sum, weight) => sum + weight, 0) / raw.length;
  const clipped = raw.filter((weight) => weight > weightMax).length / raw.length;
  return { kind: 'estimated', draws, weights, counts: { draws: draws.length, effective, covered, clipped } };
}

function weightOf({ propensity, target }: LoggedDraw): number {
  if (!(propensity > 0 && propensity <= 1 && target >= 0 && target <= 1))
    throw new StudioError('INTERNAL', `propensity and target are probabilities, got ${propensity} and ${target}`);
  return target / propensity;
}

const normalQuantile = 1.959963984540054;

/** Mean of independent values with its normal interval. */
export function summariseValues(
  values: readonly number[],
  counts: WeighedDraws['counts'],
): Estimate<CounterfactualValue> {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return around(mean, Math.sqrt(squares / (values.length - 1) / values.length), counts);
}

export function around(
  mean: number,
  standardError: number,
  counts: WeighedDraws['counts'],
): Estimate<CounterfactualValue> {
  const reach = normalQuantile * standardError;
  return { kind: 'estimated', mean, lo: mean - reach, hi: mean + reach, ...counts };
}
