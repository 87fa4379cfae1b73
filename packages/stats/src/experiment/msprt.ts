import type { Result } from '../result.ts';
import { readEffects } from './any-time.ts';
import { boundBy, type Comparison, type Effect } from './effect.ts';
import type { ArmPair } from './moments.ts';

export interface MsprtOptions {
  /**
   * Standard deviation of the differences to be expected, in the metric's own units; the test is quickest for
   * effects about as large. To be fixed before the first look: the least effect worth finding is a good choice.
   */
  tau: number;
  /** Two-sided; default .05. */
  alpha?: number;
  /** p of the look before, so that p never rises again; default 1. */
  earlierP?: number;
}

export interface MsprtComparison extends Comparison {
  /** ln Λ: how much better "there is a difference" explains the data. */
  logLikelihoodRatio: number;
  /** Λ has reached 1 ÷ alpha, now or at an earlier look: "no difference" is rejected for good. */
  isRejected: boolean;
}

/**
 * Mixture sequential probability ratio test of two arms: p may be read at every look. Johari, Koomen, Pekelis and
 * Walsh, "Peeking at A/B Tests" (KDD 2017); variances are the sample's, so it holds for large samples.
 */
export function compareMsprt(pair: ArmPair, options: MsprtOptions): Result<MsprtComparison> {
  const { tau, alpha = 0.05, earlierP = 1 } = options;
  const effects = readEffects(pair, { alpha, amount: { tau } });
  if (effects.kind !== 'effects') return effects;
  if (!(earlierP >= 0 && earlierP <= 1)) return { kind: 'invalid', reason: `earlierP is ${earlierP}, not a p-value` };
  const { difference, lift } = effects;
  const logLikelihoodRatio = logRatio(difference, tau);
  const p = Math.min(earlierP, 1, Math.exp(-logLikelihoodRatio));
  return {
    kind: 'estimated',
    absolute: boundBy(difference, widthOf(difference, tau, alpha)),
    relative: lift && boundBy(lift, widthOf(lift, tau / Math.abs(pair.control.mean), alpha)),
    p,
    standardError: difference.standardError,
    logLikelihoodRatio,
    isRejected: p <= alpha,
  };
}

function logRatio({ value, standardError }: Effect, tau: number): number {
  const variance = standardError ** 2;
  const total = variance + tau ** 2;
  return 0.5 * Math.log(variance / total) + (tau ** 2 * value ** 2) / (2 * variance * total);
}

/** Differences that the test at this look does not reject. */
function widthOf({ standardError }: Effect, tau: number, alpha: number): number {
  const variance = standardError ** 2;
  const total = variance + tau ** 2;
  return Math.sqrt(((2 * variance * total) / tau ** 2) * Math.log(Math.sqrt(total / variance) / alpha));
}
