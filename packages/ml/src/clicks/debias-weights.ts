import { inverseAt, inversePropensityMax } from './inverse-propensity.ts';

export interface DebiasOptions {
  /** Chance that rank 1, 2, … is looked at, for inverse propensity weights. */
  propensities?: readonly number[];
  /** Cap of the inverse propensity; default 10. */
  inversePropensityMax?: number;
}

/** One click: how satisfying it was, and where it stood (from 1; null where nobody knows: then it counts as it is). */
export interface RankedClick {
  itemId: string;
  rank: number | null;
  weight: number;
}

/**
 * Satisfaction × capped inverse propensity for the clicks of one query, from all of its sessions; scaled so that the
 * query keeps its total weight, and only its items change shares.
 */
export function debiasClicks<Click extends RankedClick>(clicks: readonly Click[], options: DebiasOptions): Click[] {
  const { propensities, inversePropensityMax: max = inversePropensityMax } = options;
  if (propensities === undefined) return [...clicks];
  const raw = clicks.map(({ weight, rank }) => weight * (rank === null ? 1 : inverseAt(propensities, rank, max)));
  const kept = clicks.reduce((sum, { weight }) => sum + weight, 0);
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const scale = total > 0 ? kept / total : 1;
  return clicks.map((click, index) => ({ ...click, weight: (raw[index] ?? 0) * scale }));
}
