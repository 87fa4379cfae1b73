import type { Fault, Result } from '../result.ts';
import {
  type Bounded,
  type Direction,
  differenceOf,
  type Effect,
  findAmountFault,
  findPairFault,
  liftOf,
  noLift,
} from './effect.ts';
import type { ArmPair } from './moments.ts';
import { defaultExpectedUnits, oneSidedWidth } from './sequential.ts';

/** How much worse a metric may get: `relative` .02 allows 2 % of the control's mean; 0 allows nothing. */
export type Allowance = { relative: number } | { absolute: number };

export interface GuardrailOptions {
  /** Which way is good. */
  better: Direction;
  allowed: Allowance;
  /** One-sided: the chance of ever raising a false alarm; default .05. */
  alpha?: number;
  /** Units of both arms at which the bound is to be tightest; default 5,000. */
  expectedUnits?: number;
}

export interface GuardrailCheck {
  /** `breached`: surely worse than allowed; `kept`: surely not; `open`: too early to say. */
  state: 'breached' | 'kept' | 'open';
  /** The change, relative or absolute like the allowance; each bound holds on its own at alpha, at every look. */
  change: Bounded;
}

/** One-sided sequential check (proposition B.1 of the paper at `compareSequential`): may run as often as one likes. */
export function checkGuardrail(pair: ArmPair, options: GuardrailOptions): Result<GuardrailCheck> {
  const { better, allowed, alpha = 0.05, expectedUnits = defaultExpectedUnits } = options;
  const fault = findOptionFault(allowed, { alpha, expectedUnits }) ?? findPairFault(pair);
  if (fault) return fault;
  const effect = 'absolute' in allowed ? differenceOf(pair) : liftOf(pair);
  if (effect === null) return noLift(pair.control);
  const change = boundEachSide(effect, { alpha, expectedUnits });
  const limit = 'absolute' in allowed ? allowed.absolute : allowed.relative;
  const [worst, best] = better === 'up' ? [change.lo, change.hi] : [-change.hi, -change.lo];
  return { kind: 'estimated', state: best < -limit ? 'breached' : worst > -limit ? 'kept' : 'open', change };
}

function boundEachSide(effect: Effect, boundary: { alpha: number; expectedUnits: number }): Bounded {
  const reach = effect.standardError * oneSidedWidth(effect.units, boundary);
  return { value: effect.value, lo: effect.value - reach, hi: effect.value + reach };
}

function findOptionFault(allowed: Allowance, options: { alpha: number; expectedUnits: number }): Fault | null {
  const { alpha, expectedUnits } = options;
  // At one half the tuning of the mixture, made for two sides, has no meaning.
  if (!(alpha > 0 && alpha < 0.5)) return { kind: 'invalid', reason: `alpha is ${alpha}, not between 0 and .5` };
  const limit = 'absolute' in allowed ? allowed.absolute : allowed.relative;
  if (!(limit >= 0 && Number.isFinite(limit)))
    return { kind: 'invalid', reason: `allowed is ${limit}, not a finite number of at least 0` };
  return findAmountFault({ expectedUnits });
}
