import { ExperimentDefinition, type MetricId, metrics } from '@embedding-studio/contracts';
import {
  type ArmMoments,
  type DurationPlan,
  findDetectableEffect,
  planDuration,
  type Result,
  summariseMean,
  summariseRatio,
} from '@embedding-studio/stats';
import { z } from 'zod';
import { metricContribution } from '../../analytics/metric-contribution.ts';
import { authorise } from '../../authorise.ts';
import type { Ctx } from '../../context.ts';
import { parseInput } from '../../parse-input.ts';
import { findMetric } from './compute-metrics.ts';
import { UnitSample } from './unit-sample.ts';

const { unit, primaryMetric, alpha, analysis, unitsExpected, traffic, layerShare } = ExperimentDefinition.shape;

export const EstimateDurationInput = z.object({
  metric: primaryMetric,
  ...{ unit, alpha, analysis, unitsExpected, traffic, layerShare },
  /** Of the arms, the control first. */
  weights: z.array(z.number().positive().max(1_000)).min(2).max(6).default([1, 1]),
  /** The least change worth finding, as a share of today's value. */
  effect: z.number().positive().max(10).default(0.05),
  /** Chance to see it. */
  power: z.number().min(0.5).max(0.99).default(0.8),
  /** How long it may take: what could be found by then. */
  weeks: z.number().int().min(1).max(104).optional(),
});
export type EstimateDurationInput = z.input<typeof EstimateDurationInput>;

/** `insufficient`: there is no traffic to plan with, and why. */
export type DurationEstimate = Result<{
  /** What was measured: days with traffic, and the metric of that time. */
  baseline: { days: number; unitsPerDay: number; mean: number; variance: number };
  plan: DurationPlan;
  /** After `weeks`; null when none were given. */
  detectable: { weeks: number; effect: number; relative: number | null } | null;
}>;

const dayMs = 86_400_000;
const observedDays = 14;

/** Weeks that an effect of a size needs, and what could be found sooner or later, from the last 14 days of traffic. */
export async function estimateDuration({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: EstimateDurationInput;
}): Promise<DurationEstimate> {
  authorise(ctx, 'experiment.read');
  const given = parseInput(EstimateDurationInput, input);
  const formula = findMetric(given.metric)?.formula.kind;
  if (formula !== 'ratio' && formula !== 'sum')
    return { kind: 'invalid', reason: `${given.metric} is no mean or ratio over units; choose another metric.` };
  if (given.unit === 'key')
    return { kind: 'insufficient', reason: 'Sessions do not say which key they came by: no traffic by key.', have: 0 };
  const { sample, days } = await observe(ctx, given);
  const moments = formula === 'ratio' ? summariseRatio(sample.stats()) : summariseMean(sample.counts());
  if (moments.kind !== 'estimated')
    return moments.kind === 'invalid'
      ? moments
      : { ...moments, reason: `The last ${observedDays} days have too little traffic: ${moments.reason}.` };
  return plan(given, { moments, days, unitsPerDay: (sample.units() / days) * given.traffic * given.layerShare });
}

type Given = z.output<typeof EstimateDurationInput>;

async function observe(ctx: Ctx, given: Given): Promise<{ sample: UnitSample; days: number }> {
  const to = ctx.deps.clock.now();
  const traits = await ctx.deps.analytics.listTraits();
  const metric: MetricId | undefined = metrics.find(({ id }) => id === given.metric)?.id;
  const sample = new UnitSample();
  let first = to.getTime();
  const from = new Date(to.getTime() - observedDays * dayMs);
  await ctx.deps.analytics.visitRange({ from, to }, (facts) => {
    const unitOf = given.unit === 'user' ? facts.userId : facts.sessionId;
    const flags = traits.get(facts.traitsKey)?.flags ?? [];
    const found = metric === undefined ? null : metricContribution(metric, { facts, flags });
    if (unitOf === null || found === null) return;
    first = Math.min(first, facts.at.getTime());
    sample.add(unitOf, found.numerator, found.denominator ?? 0);
  });
  return { sample, days: Math.max(1, (to.getTime() - first) / dayMs) };
}

function plan(given: Given, seen: { moments: ArmMoments; days: number; unitsPerDay: number }): DurationEstimate {
  const { mean, variance } = seen.moments;
  const { weights, power, unitsExpected: expectedUnits, effect, weeks } = given;
  const test = given.analysis === 'fixed' ? ('fixed' as const) : ('sequential' as const);
  const planned = planDuration({
    ...{ mean, variance, unitsPerDay: seen.unitsPerDay, weights, alpha: given.alpha, power, test, expectedUnits },
    effect: { relative: effect },
  });
  if (planned.kind !== 'estimated') return planned;
  const baseline = { days: seen.days, unitsPerDay: seen.unitsPerDay, mean, variance };
  const { kind: _kind, ...planOfRun } = planned;
  if (weeks === undefined) return { kind: 'estimated', baseline, plan: planOfRun, detectable: null };
  const [control = 1, ...others] = weights;
  const split = [control, Math.min(...others)] as const;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const found = findDetectableEffect({
    ...{ variance, split, alpha: given.alpha / others.length, power, test, expectedUnits },
    units: (7 * weeks * seen.unitsPerDay * (split[0] + split[1])) / total,
  });
  if (found.kind !== 'estimated') return found;
  const relative = mean === 0 ? null : Math.abs(found.effect / mean);
  return { kind: 'estimated', baseline, plan: planOfRun, detectable: { weeks, effect: found.effect, relative } };
}
