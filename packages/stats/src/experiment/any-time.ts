import type { Fault } from '../result.ts';
import {
  differenceOf,
  type Effect,
  findAmountFault,
  findPairFault,
  findShareFault,
  findSmallness,
  liftOf,
} from './effect.ts';
import type { ArmPair } from './moments.ts';

export interface AnyTimeOptions {
  /** Two-sided. */
  alpha: number;
  /** The test's own option, above 0, under its name. */
  amount: Record<string, number>;
}

export interface AnyTimeEffects {
  kind: 'effects';
  difference: Effect;
  /** null while the control's mean is not clear of 0. */
  lift: Effect | null;
}

/** What tests that may be looked at any time compare, or why they cannot yet. */
export function readEffects(pair: ArmPair, { alpha, amount }: AnyTimeOptions): AnyTimeEffects | Fault {
  const fault = findShareFault({ alpha }) ?? findAmountFault(amount) ?? findPairFault(pair) ?? findSmallness(pair);
  return fault ?? { kind: 'effects', difference: differenceOf(pair), lift: liftOf(pair) };
}
