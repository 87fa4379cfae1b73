import type { Fault, Result } from '../result.ts';
import { findAmountFault } from './effect.ts';
import { findDetectableEffect, findNeededUnits, type PowerDesign } from './power.ts';

export interface DurationQuestion extends Omit<PowerDesign, 'split'> {
  /** The metric's mean today. */
  mean: number;
  /** New units that enter the experiment in a day, all arms together. */
  unitsPerDay: number;
  /** Parts of the units by arm, the control first, in any scale. */
  weights: readonly number[];
  /** The least difference worth finding: `relative` .02 is 2 % of the mean. */
  effect: { relative: number } | { absolute: number };
  /** Tests made at once (treatments × goal metrics); alpha is shared among them. Default: the treatments. */
  comparisons?: number;
}

export interface DurationPlan {
  /** The difference planned for, in the metric's units. */
  effect: number;
  /** null where the mean is 0. */
  relative: number | null;
  /** All arms together. */
  units: number;
  unitsPerArm: number[];
  days: number;
  /** Whole weeks, so that every weekday counts alike; at least one. */
  weeks: number;
  /** What could be found if it ran this many weeks. */
  outlook: { weeks: number; effect: number; relative: number | null }[];
}

const outlookWeeks = [1, 2, 4, 8];

/** How long an experiment has to run on this traffic, judged by its smallest treatment. */
export function planDuration(question: DurationQuestion): Result<DurationPlan> {
  const { mean, unitsPerDay, weights } = question;
  const fault = findQuestionFault(question);
  if (fault) return fault;
  const effect = 'absolute' in question.effect ? question.effect.absolute : question.effect.relative * Math.abs(mean);
  const design = designOf(question);
  const needed = findNeededUnits({ ...design, effect });
  if (needed.kind !== 'estimated') return needed;
  const total = sumOf(weights);
  const units = Math.ceil((needed.units * total) / sumOf(design.split));
  const days = units / unitsPerDay;
  return {
    kind: 'estimated',
    effect: Math.abs(effect),
    relative: relativeTo(mean, effect),
    units,
    unitsPerArm: weights.map((weight) => Math.ceil((units * weight) / total)),
    days,
    weeks: Math.max(1, Math.ceil(days / 7)),
    outlook: outlookWeeks.flatMap((weeks) => lookAhead(question, weeks)),
  };
}

function lookAhead(question: DurationQuestion, weeks: number): DurationPlan['outlook'] {
  const design = designOf(question);
  const units = (7 * weeks * question.unitsPerDay * sumOf(design.split)) / sumOf(question.weights);
  const found = findDetectableEffect({ ...design, units });
  if (found.kind !== 'estimated') return [];
  return [{ weeks, effect: found.effect, relative: relativeTo(question.mean, found.effect) }];
}

function designOf(question: DurationQuestion): PowerDesign & { split: readonly [number, number] } {
  const { weights, variance, power, test, expectedUnits, alpha = 0.05 } = question;
  const [control = 0, ...treatments] = weights;
  const { comparisons = treatments.length } = question;
  const split = [control, Math.min(...treatments)] as const;
  return { variance, power, test, expectedUnits, alpha: alpha / comparisons, split };
}

function findQuestionFault({ mean, unitsPerDay, weights, effect, comparisons = 1 }: DurationQuestion): Fault | null {
  if (weights.length < 2) return { kind: 'invalid', reason: 'weights name fewer than two arms' };
  if (!Number.isFinite(mean)) return { kind: 'invalid', reason: 'mean is not a finite number' };
  if (unitsPerDay === 0)
    return { kind: 'insufficient', reason: 'no traffic to plan with: unitsPerDay is 0', have: 0, needed: 1 };
  if ('relative' in effect && mean === 0)
    return { kind: 'insufficient', reason: 'the mean is 0 so far: a relative effect has no size', have: 0 };
  if (!(Number.isInteger(comparisons) && comparisons > 0))
    return { kind: 'invalid', reason: `comparisons is ${comparisons}, not a count of tests` };
  return findAmountFault({
    unitsPerDay,
    ...effect,
    ...Object.fromEntries(weights.map((w, arm) => [`weight ${arm}`, w])),
  });
}

function relativeTo(mean: number, effect: number): number | null {
  return mean === 0 ? null : Math.abs(effect / mean);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
