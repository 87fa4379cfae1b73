import type { Result } from '../result.ts';
import { readEffects } from './any-time.ts';
import { boundBy, type Comparison, type Effect } from './effect.ts';
import type { ArmPair } from './moments.ts';

export interface SequentialOptions {
  /** Two-sided; default .05. */
  alpha?: number;
  /**
   * Units of both arms at which the interval is to be tightest; it holds at every size. Default 5,000. To be fixed
   * before the first look.
   */
  expectedUnits?: number;
}

export interface Boundary {
  alpha: number;
  expectedUnits: number;
}

export const defaultExpectedUnits = 5000;

/**
 * An asymptotic confidence sequence: its interval may be looked at after every unit, and the chance that it ever
 * leaves out the truth stays below alpha. p is the least alpha at which the interval leaves out 0, so it is valid at
 * every look too. Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic
 * confidence sequences" (2021), theorem 2.2.
 */
export function compareSequential(pair: ArmPair, options: SequentialOptions = {}): Result<Comparison> {
  const { alpha = 0.05, expectedUnits = defaultExpectedUnits } = options;
  const effects = readEffects(pair, { alpha, amount: { expectedUnits } });
  if (effects.kind !== 'effects') return effects;
  const { difference, lift } = effects;
  const boundary = { alpha, expectedUnits };
  return {
    kind: 'estimated',
    absolute: boundBy(difference, difference.standardError * sequentialWidth(difference.units, boundary)),
    relative: lift && boundBy(lift, lift.standardError * sequentialWidth(lift.units, boundary)),
    p: sequentialP(difference, boundary),
    standardError: difference.standardError,
  };
}

/** Half the width of the two-sided interval, in standard errors, at `units` of both arms. */
export function sequentialWidth(units: number, { alpha, expectedUnits }: Boundary): number {
  const scale = units * mixingVariance(alpha, expectedUnits);
  return Math.sqrt(((2 * (scale + 1)) / scale) * Math.log(Math.sqrt(scale + 1) / alpha));
}

/** The distance of a one-sided bound, in standard errors: proposition B.1 of the same paper. */
export function oneSidedWidth(units: number, { alpha, expectedUnits }: Boundary): number {
  const scale = units * mixingVariance(2 * alpha, expectedUnits);
  return Math.sqrt(((2 * (scale + 1)) / scale) * Math.log(1 + Math.sqrt(scale + 1) / (2 * alpha)));
}

export function sequentialP({ value, standardError, units }: Effect, { alpha, expectedUnits }: Boundary): number {
  const scale = units * mixingVariance(alpha, expectedUnits);
  const z = value / standardError;
  return Math.min(1, Math.sqrt(scale + 1) * Math.exp((-z * z * scale) / (2 * (scale + 1))));
}

/** ρ²: the mixture that makes the interval shortest about `expectedUnits`. */
function mixingVariance(alpha: number, expectedUnits: number): number {
  const surprise = -2 * Math.log(alpha);
  return (surprise + Math.log(surprise + 1)) / expectedUnits;
}
