import type { ReadoutHealth } from '@embedding-studio/contracts';
import { checkMultipleExposure, checkPrePeriod, checkSrm } from '@embedding-studio/stats';
import { findMetric } from './compute-metrics.ts';
import { summariseBefore } from './metric-moments.ts';
import type { ReadoutInputs } from './readout-inputs.ts';

const alarmBelow = 0.001;

/** What must hold before any figure may be believed. */
export function checkHealth(inputs: ReadoutInputs): ReadoutHealth {
  return {
    srm: checkSplit(inputs),
    multiple: checkMultiple(inputs),
    prePeriod: checkPast(inputs),
    warnings: inputs.warnings,
  };
}

/** Of kinds whose units all see the same there is no split. */
function checkSplit({ definition, arms }: ReadoutInputs): ReadoutHealth['srm'] {
  const observed = arms.map(({ units }) => units);
  if (definition.kind !== 'ab' && definition.kind !== 'canary')
    return { p: null, expected: observed, observed, isAlarm: false };
  const weights = definition.arms.map(({ weight }) => weight);
  const found = checkSrm({ counts: observed, weights });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const units = observed.reduce((sum, count) => sum + count, 0);
  const expected = weights.map((weight) => (units * weight) / total);
  if (found.kind !== 'estimated') return { p: null, expected, observed, isAlarm: false };
  // Read-outs are taken every few minutes: only what holds at every look may end a canary.
  return { p: found.sequentialP, expected, observed, isAlarm: found.sequentialP < alarmBelow };
}

function checkMultiple({ arms, multiple }: ReadoutInputs): ReadoutHealth['multiple'] {
  const units = arms.reduce((sum, arm) => sum + arm.units, multiple);
  const found = checkMultipleExposure({ units, multiple });
  if (found.kind !== 'estimated') return { units: multiple, share: 0, isAlarm: false };
  return { units: multiple, share: found.share, isAlarm: found.isExcessive };
}

function checkPast({ definition, arms, hasPast }: ReadoutInputs): ReadoutHealth['prePeriod'] {
  if (!hasPast) return null;
  const isRatio = findMetric(definition.primaryMetric)?.formula.kind === 'ratio';
  const pasts = arms.flatMap(({ metrics }) => {
    const sums = metrics[definition.primaryMetric];
    const found = sums === undefined ? null : summariseBefore(sums, isRatio);
    return found?.kind === 'estimated' ? [found] : [];
  });
  if (pasts.length < arms.length) return null;
  const found = checkPrePeriod(pasts);
  return found.kind === 'estimated' ? { p: found.p, isAlarm: found.isImbalanced } : null;
}
