import { normalCdf, normalDensity, normalQuantile, normalTail } from '../distribution/index.ts';
import type { Result } from '../result.ts';
import {
  type Bounded,
  boundBy,
  type Direction,
  findAmountFault,
  findPairFault,
  findShareFault,
  liftOf,
  noLift,
} from './effect.ts';
import type { ArmPair } from './moments.ts';

export interface BayesOptions {
  /** Which way is good. */
  better: Direction;
  /** Of the lift, before any data; default mean 0 and standard deviation .3, which doubts lifts beyond ±60 %. */
  prior?: { mean: number; standardDeviation: number };
  /** Of the credible interval; default .95. */
  level?: number;
}

export interface BayesVerdict {
  /** Posterior of (treatment − control) ÷ control: its mean and its credible interval. */
  lift: Bounded;
  standardDeviation: number;
  /** That the treatment is better, 0 to 1. */
  chanceToWin: number;
  /** Lift given away on average by shipping the treatment, and by keeping the control, each at least 0. */
  expectedLoss: { ship: number; keep: number };
}

/**
 * Normal prior on the lift, normal likelihood with the delta method's error: the posterior is their precision-weighted
 * mean. Expected loss as in Stucchio, "Bayesian A/B Testing at VWO" (2015). Not a guard against peeking.
 */
export function compareBayes(pair: ArmPair, options: BayesOptions): Result<BayesVerdict> {
  const { better, prior = { mean: 0, standardDeviation: 0.3 }, level = 0.95 } = options;
  const fault =
    findShareFault({ level }) ??
    findAmountFault({ 'prior.standardDeviation': prior.standardDeviation }) ??
    findPairFault(pair);
  if (fault) return fault;
  if (!Number.isFinite(prior.mean)) return { kind: 'invalid', reason: 'prior.mean is not a finite number' };
  const seen = liftOf(pair);
  if (seen === null) return noLift(pair.control);
  const [trust, belief] = [seen.standardError ** -2, prior.standardDeviation ** -2];
  const value = (trust * seen.value + belief * prior.mean) / (trust + belief);
  const standardDeviation = 1 / Math.sqrt(trust + belief);
  const gain = (better === 'up' ? value : -value) / standardDeviation;
  return {
    kind: 'estimated',
    lift: boundBy({ ...seen, value }, standardDeviation * normalQuantile((1 + level) / 2)),
    standardDeviation,
    chanceToWin: normalCdf(gain),
    expectedLoss: { ship: standardDeviation * meanBelow(gain), keep: standardDeviation * meanBelow(-gain) },
  };
}

/** E max(0, −X) for X normal about `mean` with standard deviation 1. */
function meanBelow(mean: number): number {
  return Math.max(0, normalDensity(mean) - mean * normalTail(mean));
}
