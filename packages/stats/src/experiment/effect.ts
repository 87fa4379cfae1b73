import type { Fault } from '../result.ts';
import type { ArmMoments, ArmPair } from './moments.ts';

/** An estimate and its interval, lo ≤ value ≤ hi. */
export interface Bounded {
  value: number;
  lo: number;
  hi: number;
}

/** Treatment against control. */
export interface Comparison {
  /** Treatment − control, in the metric's own units. */
  absolute: Bounded;
  /** (Treatment − control) ÷ control, .02 is +2 %; null while the control's mean is not clear of 0. */
  relative: Bounded | null;
  /** Two-sided, of "no difference". */
  p: number;
  /** Of the absolute difference. */
  standardError: number;
}

/** A difference or a lift: its estimate, its standard error, the units of both arms. */
export interface Effect {
  value: number;
  standardError: number;
  units: number;
}

export type Direction = 'up' | 'down';

// Below it the delta method's interval of a lift is too short, and a lift can have any sign.
const clearOfZero = 5;
const leastUnits = 25;

export function differenceOf({ control, treatment }: ArmPair): Effect {
  return {
    value: treatment.mean - control.mean,
    standardError: Math.sqrt(treatment.variance / treatment.n + control.variance / control.n),
    units: control.n + treatment.n,
  };
}

/** The relative difference by the delta method; null where the control's mean is within five standard errors of 0. */
export function liftOf({ control, treatment }: ArmPair): Effect | null {
  if (!isClearOfZero(control)) return null;
  const ratio = treatment.mean / control.mean;
  const variance = treatment.variance / treatment.n + (ratio * ratio * control.variance) / control.n;
  return {
    // As a quotient of the difference: ratio − 1 would lose its sign's agreement with it.
    value: (treatment.mean - control.mean) / Math.abs(control.mean),
    standardError: Math.sqrt(variance) / Math.abs(control.mean),
    units: control.n + treatment.n,
  };
}

export function isClearOfZero({ n, mean, variance }: ArmMoments): boolean {
  return mean !== 0 && mean * mean * n >= clearOfZero ** 2 * variance;
}

/** Why there is no lift yet, and how many units the control needs at the spread it has. */
export function noLift({ n, mean, variance }: ArmMoments): Fault {
  const reason = 'the mean of the control is not clear of 0, so nothing can be said relative to it';
  const needed = unitsClearOfZero({ n, mean, variance });
  return { kind: 'insufficient', reason, have: n, ...(Number.isSafeInteger(needed) ? { needed } : {}) };
}

export function boundBy({ value }: Effect, halfWidth: number): Bounded {
  return { value, lo: value - halfWidth, hi: value + halfWidth };
}

/** Arms that cannot be compared: impossible numbers, too few units, no spread in either. */
export function findPairFault({ control, treatment }: ArmPair): Fault | null {
  const fault = findArmFault('control', control) ?? findArmFault('treatment', treatment);
  if (fault) return fault;
  if (control.variance > 0 || treatment.variance > 0) return null;
  const reason = 'every unit of both arms has the same value';
  return { kind: 'insufficient', reason, have: control.n + treatment.n };
}

export function findArmFault(name: string, { n, mean, variance }: ArmMoments): Fault | null {
  if (!Number.isInteger(n) || n < 0) return { kind: 'invalid', reason: `n of ${name} is ${n}, not a count of units` };
  if (n < 2) return { kind: 'insufficient', reason: `${name} needs two units`, have: n, needed: 2 };
  if (!Number.isFinite(mean)) return { kind: 'invalid', reason: `mean of ${name} is not a finite number` };
  if (!(variance >= 0 && Number.isFinite(variance)))
    return { kind: 'invalid', reason: `variance of ${name} is ${variance}, not a finite number of at least 0` };
  return null;
}

/**
 * Whether the arms are large enough for tests that hold for large samples only and are looked at from the start: each
 * needs what puts either mean clear of 0 (25 clicks of a click-through), and 25 units at least. A small arm beside a
 * large one, a canary's, would otherwise alarm by chance.
 */
export function findSmallness(pair: ArmPair): Fault | null {
  const { control, treatment } = pair;
  const needed = Math.max(leastUnits, Math.min(unitsClearOfZero(control), unitsClearOfZero(treatment)));
  const have = Math.min(control.n, treatment.n);
  if (have >= needed) return null;
  const reason = 'too few units in an arm for its mean to be near normal';
  return { kind: 'insufficient', reason, have, ...(Number.isSafeInteger(needed) ? { needed } : {}) };
}

function unitsClearOfZero({ mean, variance }: ArmMoments): number {
  return mean === 0 ? Number.POSITIVE_INFINITY : Math.ceil((clearOfZero ** 2 * variance) / (mean * mean));
}

/** Options that are shares, each strictly between 0 and 1. */
export function findShareFault(shares: Record<string, number>): Fault | null {
  for (const [name, share] of Object.entries(shares))
    if (!(share > 0 && share < 1)) return { kind: 'invalid', reason: `${name} is ${share}, not between 0 and 1` };
  return null;
}

/** Options that are amounts, each above 0. */
export function findAmountFault(amounts: Record<string, number>): Fault | null {
  for (const [name, amount] of Object.entries(amounts))
    if (!(amount > 0 && Number.isFinite(amount)))
      return { kind: 'invalid', reason: `${name} is ${amount}, not a finite number above 0` };
  return null;
}
