import type { Fault, Result } from '../result.ts';
import { type Bounded, type Direction, type Effect, findAmountFault, findPairFault, findSmallness } from './effect.ts';
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
  /**
   * How much better than just allowed the treatment is, in the metric's own units; below 0 it is worse than allowed.
   * Each bound holds on its own at alpha, at every look.
   */
  margin: Bounded;
}

/**
 * One-sided sequential check (proposition B.1 of the paper at `compareSequential`): may run as often as one likes. It
 * judges the difference from the limit, not the lift, since a quotient is far from normal for long. An arm counts with
 * the spread of both where its own is less: a small arm that looks bad by chance often looks even as well.
 */
export function checkGuardrail(pair: ArmPair, options: GuardrailOptions): Result<GuardrailCheck> {
  const { alpha = 0.05, expectedUnits = defaultExpectedUnits } = options;
  const fault =
    findOptionFault(options.allowed, { alpha, expectedUnits }) ?? findPairFault(pair) ?? findSmallness(pair);
  if (fault) return fault;
  const { value, standardError, units } = marginOf(pair, options);
  const reach = standardError * oneSidedWidth(units, { alpha, expectedUnits });
  const margin = { value, lo: value - reach, hi: value + reach };
  return { kind: 'estimated', state: margin.hi < 0 ? 'breached' : margin.lo > 0 ? 'kept' : 'open', margin };
}

function marginOf({ control, treatment }: ArmPair, { better, allowed }: GuardrailOptions): Effect {
  const sign = better === 'up' ? 1 : -1;
  const slack = 'relative' in allowed ? sign * allowed.relative * Math.sign(control.mean) : 0;
  const limit = (1 - slack) * control.mean - ('absolute' in allowed ? sign * allowed.absolute : 0);
  const units = control.n + treatment.n;
  const spread = ((control.n - 1) * control.variance + (treatment.n - 1) * treatment.variance) / (units - 2);
  const ofTreatment = Math.max(treatment.variance, spread) / treatment.n;
  const ofControl = Math.max(control.variance, spread) / control.n;
  return {
    value: sign * (treatment.mean - limit),
    standardError: Math.sqrt(ofTreatment + (1 - slack) ** 2 * ofControl),
    units,
  };
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
