import { inverseAt, inversePropensityMax } from './inverse-propensity.ts';

export interface DebiasOptions {
  /** Chance that rank 1, 2, … is looked at, for inverse propensity weights. */
  propensities?: readonly number[];
  /** Cap of the inverse propensity; default 10. */
  inversePropensityMax?: number;
  /**
   * Clicks n of a query at which half of the correction (of its logarithm) is made, by n² / (n² + this²); default 0:
   * always all of it. What few clicks say is mostly luck, and inverse propensities make more of it.
   */
  shrinkClicks?: number;
}

/** Measured as never to do harm: see docs/position-bias.md. */
export const debiasShrinkClicks = 40;

/** One click: how satisfying it was, and where it stood (from 1; null where that says nothing: then it counts as it is). */
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
  const { propensities, inversePropensityMax: max = inversePropensityMax, shrinkClicks = 0 } = options;
  if (propensities === undefined || clicks.length < 2) return [...clicks];
  const strength = clicks.length ** 2 / (clicks.length ** 2 + shrinkClicks ** 2);
  const raw = clicks.map(
    ({ weight, rank }) => weight * (rank === null ? 1 : inverseAt(propensities, rank, max) ** strength),
  );
  const kept = clicks.reduce((sum, { weight }) => sum + weight, 0);
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const scale = total > 0 ? kept / total : 1;
  return clicks.map((click, index) => ({ ...click, weight: (raw[index] ?? 0) * scale }));
}
