/** A click on a rarely looked-at rank stands for this many, at most. */
export const inversePropensityMax = 10;

/** θ of a rank (from 1); below the curve its last value holds. */
export function propensityAt(propensities: readonly number[], rank: number): number {
  return propensities[rank - 1] ?? propensities.at(-1) ?? 1;
}

/** 1 / θ of a rank (from 1), clipped to `max`; below the curve its last value holds. 1 without a curve. */
export function inverseAt(
  propensities: readonly number[] | undefined,
  rank: number,
  max: number = inversePropensityMax,
): number {
  const chance = propensityAt(propensities ?? [], rank);
  return Math.min(max, 1 / Math.max(chance, 1e-9));
}

/** (Σw)² / Σw²: how many equally weighted clicks these are worth. */
export function effectiveSize(weights: readonly number[]): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}
