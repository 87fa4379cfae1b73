import type { Result } from '../result.ts';
import { type ArmMoments, type PairMoments, type PairStats, summarisePair } from './moments.ts';

export interface Adjusted {
  /** In the order given; to be compared like any other moments. */
  arms: ArmMoments[];
  theta: number;
  /** Of outcome and covariate, over all arms, −1 to 1. */
  correlation: number;
  /** Share of the variance left; .6 means that 40 % fewer units are needed. */
  varianceLeft: number;
}

/**
 * CUPED: takes out of each arm's outcome (y) what the same units did before the experiment (x). One θ = cov ÷ var
 * within arms for all of them, and the arms' common mean of x. Units without a past have x = 0 and stay in. Deng, Xu,
 * Kohavi and Walker, "Improving the Sensitivity of Online Controlled Experiments by Utilizing Pre-Experiment Data"
 * (WSDM 2013). Valid only where x cannot depend on the arm.
 */
export function adjustCuped(arms: readonly PairStats[]): Result<Adjusted> {
  if (arms.length < 2) return { kind: 'invalid', reason: 'CUPED needs two arms' };
  const pairs: PairMoments[] = [];
  for (const arm of arms) {
    const pair = summarisePair(arm);
    if (pair.kind !== 'estimated') return pair;
    pairs.push(pair);
  }
  const pooled = poolWithin(pairs);
  if (pooled.varianceX === 0)
    return { kind: 'insufficient', reason: 'no unit differs from another before the experiment', have: pooled.n };
  const theta = pooled.covariance / pooled.varianceX;
  const correlation = pooled.varianceY === 0 ? 0 : theta * Math.sqrt(pooled.varianceX / pooled.varianceY);
  return {
    kind: 'estimated',
    arms: pairs.map((pair) => adjustArm(pair, theta, pooled.meanX)),
    theta,
    correlation,
    varianceLeft: Math.max(0, 1 - correlation ** 2),
  };
}

function adjustArm({ n, meanX, meanY, ...spread }: PairMoments, theta: number, commonX: number): ArmMoments {
  const variance = spread.varianceY - 2 * theta * spread.covariance + theta ** 2 * spread.varianceX;
  return { n, mean: meanY - theta * (meanX - commonX), variance: Math.max(0, variance) };
}

/** Within arms: a difference between them is the effect, and must not find its way into θ. */
function poolWithin(pairs: readonly PairMoments[]) {
  const pooled = { n: 0, meanX: 0, varianceX: 0, varianceY: 0, covariance: 0 };
  for (const pair of pairs) {
    pooled.n += pair.n;
    pooled.meanX += pair.n * pair.meanX;
    for (const name of ['varianceX', 'varianceY', 'covariance'] as const) pooled[name] += (pair.n - 1) * pair[name];
  }
  const degrees = pooled.n - pairs.length;
  return {
    n: pooled.n,
    meanX: pooled.meanX / pooled.n,
    varianceX: pooled.varianceX / degrees,
    varianceY: pooled.varianceY / degrees,
    covariance: pooled.covariance / degrees,
  };
}
