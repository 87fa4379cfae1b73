import { normalCdf, normalQuantile } from '../distribution/index.ts';
import type { Fault, Result } from '../result.ts';
import { findAmountFault, findShareFault } from './effect.ts';
import { defaultExpectedUnits, sequentialWidth } from './sequential.ts';

export interface PowerDesign {
  /** Of the metric per unit, in one arm. */
  variance: number;
  /** Parts of all units that go to control and treatment, in any scale; default 1 and 1. */
  split?: readonly [control: number, treatment: number];
  /** Two-sided; default .05. */
  alpha?: number;
  /** Chance to see an effect of the size asked for; default .8. */
  power?: number;
  /** `sequential` needs more units than `fixed`, and may be read at any time. Default `sequential`. */
  test?: 'fixed' | 'sequential';
  /** Of the sequential test; default 5,000. */
  expectedUnits?: number;
}

type Design = Required<PowerDesign>;

const mostUnits = Number.MAX_SAFE_INTEGER;

/**
 * Units of both arms together that see a difference of `effect` (absolute, in the metric's units) with the design's
 * power: n = 2(z_{α/2} + z_β)²σ² ÷ effect² per arm where the split is even and the test fixed. For the sequential test
 * the power is that of the last look alone, so the truth is a little better.
 */
export function findNeededUnits(question: PowerDesign & { effect: number }): Result<{ units: number }> {
  const design = fillDesign(question);
  const effect = Math.abs(question.effect);
  const fault = findDesignFault(design) ?? findAmountFault({ effect });
  if (fault) return fault;
  const isEnough = (units: number) => effect / errorAt(units, design) >= reachAt(units, design);
  if (!isEnough(mostUnits))
    return { kind: 'invalid', reason: `effect ${effect} is too small for any number of units at this variance` };
  let [low, high] = [1, mostUnits];
  while (high - low > 1) {
    const middle = Math.floor(high / low > 4 ? Math.sqrt(low) * Math.sqrt(high) : low + (high - low) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return { kind: 'estimated', units: high };
}

/** The least absolute difference that `units` of both arms see with the design's power. */
export function findDetectableEffect(question: PowerDesign & { units: number }): Result<{ effect: number }> {
  const design = fillDesign(question);
  const fault = findDesignFault(design) ?? findAmountFault({ units: question.units });
  if (fault) return fault;
  return { kind: 'estimated', effect: errorAt(question.units, design) * reachAt(question.units, design) };
}

/** The chance that `units` of both arms show a difference of `effect`, in either direction. */
export function findPower(
  question: Omit<PowerDesign, 'power'> & { units: number; effect: number },
): Result<{ power: number }> {
  const { units, effect } = question;
  const design = fillDesign(question);
  const fault = findDesignFault(design) ?? findAmountFault({ units });
  if (fault) return fault;
  if (!Number.isFinite(effect)) return { kind: 'invalid', reason: 'effect is not a finite number' };
  const shift = effect / errorAt(units, design);
  const width = widthAt(units, design);
  return { kind: 'estimated', power: normalCdf(shift - width) + normalCdf(-shift - width) };
}

function fillDesign(design: PowerDesign): Design {
  return {
    variance: design.variance,
    split: design.split ?? [1, 1],
    alpha: design.alpha ?? 0.05,
    power: design.power ?? 0.8,
    test: design.test ?? 'sequential',
    expectedUnits: design.expectedUnits ?? defaultExpectedUnits,
  };
}

function findDesignFault({ variance, split, alpha, power, expectedUnits }: Design): Fault | null {
  if (variance === 0) return { kind: 'insufficient', reason: 'every unit has the same value so far', have: 0 };
  const [control, treatment] = split;
  return findAmountFault({ variance, expectedUnits, control, treatment }) ?? findShareFault({ alpha, power });
}

function errorAt(units: number, { variance, split: [control, treatment] }: Design): number {
  return Math.sqrt((variance * (control + treatment) * (1 / control + 1 / treatment)) / units);
}

/** How many standard errors from 0 the true effect must be. */
function reachAt(units: number, design: Design): number {
  return widthAt(units, design) + normalQuantile(design.power);
}

function widthAt(units: number, design: Design): number {
  return design.test === 'fixed' ? normalQuantile(1 - design.alpha / 2) : sequentialWidth(units, design);
}
