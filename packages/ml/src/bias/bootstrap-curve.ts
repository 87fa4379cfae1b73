import { createRandom } from '../ranking/seeded-random.ts';
import type { Curve, Estimate } from './estimate.ts';
import { at } from './impression-table.ts';

export type CurveFit = (queryWeights: Float64Array) => Estimate<Curve>;

export interface BootstrapInput {
  fit: CurveFit;
  queries: number;
  resamples: number;
  seed: number;
}

export interface Bound {
  lo: number;
  hi: number;
}

const normalQuantile = 1.96;
/** Fewer draws say how wide, not how lopsided. */
const percentileMin = 100;

/**
 * 95 % bounds of each θ: queries are drawn with replacement, since the clicks of one query stand or fall together. Empty
 * where half of the draws gave no estimate.
 */
export function bootstrapCurve(theta: readonly number[], input: BootstrapInput): (Bound | null)[] {
  const { fit, queries, resamples, seed } = input;
  const random = createRandom(seed);
  const drawn: number[][] = theta.map(() => []);
  for (let resample = 0; resample < resamples; resample++) {
    const fitted = fit(drawWeights(queries, random));
    if (fitted.kind === 'insufficient') continue;
    fitted.theta.forEach((value, rank) => {
      drawn[rank]?.push(value);
    });
  }
  return theta.map((value, rank) => boundsOf(value, drawn[rank] ?? [], resamples));
}

function drawWeights(queries: number, random: () => number): Float64Array {
  const weights = new Float64Array(queries);
  for (let draw = 0; draw < queries; draw++) {
    const query = Math.floor(random() * queries);
    weights[query] = at(weights, query) + 1;
  }
  return weights;
}

function boundsOf(theta: number, drawn: number[], resamples: number): Bound | null {
  if (drawn.length < resamples / 2 || drawn.length < 2) return null;
  if (drawn.length >= percentileMin) {
    drawn.sort((left, right) => left - right);
    return { lo: Math.min(theta, quantile(drawn, 0.025)), hi: Math.max(theta, quantile(drawn, 0.975)) };
  }
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (drawn.length - 1);
  const reach = normalQuantile * Math.sqrt(variance);
  return { lo: Math.max(0, theta - reach), hi: Math.min(1, theta + reach) };
}

function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = at(sorted, below);
  return low + (at(sorted, Math.min(below + 1, sorted.length - 1)) - low) * (position - below);
}
