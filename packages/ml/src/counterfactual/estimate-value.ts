import { type Estimate, insufficient } from '../bias/estimate.ts';
import type { CounterfactualOptions, CounterfactualValue, LoggedDraw } from './logged-draw.ts';
import { around, summariseValues, weighDraws } from './weigh-draws.ts';

type Estimated = Estimate<CounterfactualValue>;

/**
 * Inverse propensity scoring (Horvitz and Thompson 1952): the mean reward that the other policy would have had, each
 * reward weighed by how much likelier that policy was to do what was done. Unbiased where the log could draw whatever
 * the other policy chooses (`covered` 1) and no weight was cut.
 */
export function estimateIps(draws: readonly LoggedDraw[], options?: CounterfactualOptions): Estimated {
  const weighed = weighDraws(draws, options);
  if (weighed.kind === 'insufficient') return weighed;
  return summariseValues(
    draws.map(({ reward }, index) => reward * (weighed.weights[index] ?? 0)),
    weighed.counts,
  );
}

/**
 * Self-normalised (Swaminathan and Joachims 2015): divided by the weights instead of the number of draws. Never outside
 * of what was observed, steadier than IPS, and of what the log could draw alone where it could not draw all.
 */
export function estimateSnips(draws: readonly LoggedDraw[], options?: CounterfactualOptions): Estimated {
  const weighed = weighDraws(draws, options);
  if (weighed.kind === 'insufficient') return weighed;
  const { weights, counts } = weighed;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = draws.reduce((sum, { reward }, index) => sum + reward * (weights[index] ?? 0), 0) / total;
  const squares = draws.reduce((sum, { reward }, index) => sum + ((weights[index] ?? 0) * (reward - mean)) ** 2, 0);
  return around(mean, Math.sqrt((squares * draws.length) / (draws.length - 1)) / total, counts);
}

/**
 * Doubly robust (Dudík, Langford and Li 2011): what a model expects of the other policy, corrected by the weighed errors
 * of the model where the log shows them. Right when either the propensities or the model are, and the better the model,
 * the narrower.
 */
export function estimateDr(draws: readonly LoggedDraw[], options?: CounterfactualOptions): Estimated {
  const weighed = weighDraws(draws, options);
  if (weighed.kind === 'insufficient') return weighed;
  const values = draws.flatMap(({ reward, expected, expectedTarget }, index) =>
    expected === undefined || expectedTarget === undefined
      ? []
      : [expectedTarget + (weighed.weights[index] ?? 0) * (reward - expected)],
  );
  if (values.length < draws.length) return insufficient('some draws come without what a model expects of them');
  return summariseValues(values, weighed.counts);
}
