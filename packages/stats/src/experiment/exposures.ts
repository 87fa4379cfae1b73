import { binomialTail } from '../distribution/index.ts';
import type { Result } from '../result.ts';
import { findShareFault } from './effect.ts';

export interface ExposureCounts {
  /** Units exposed at all. */
  units: number;
  /** Of them, exposed to more than one arm; to be left out of every metric. */
  multiple: number;
  /** The share that is harmless; default .01. */
  limit?: number;
  /** p below which the share is surely above the limit; default .001. */
  threshold?: number;
}

export interface ExposureCheck {
  share: number;
  /** One-sided exact binomial, of "the share is at most the limit". */
  p: number;
  /** Units do not stick to their arm: assignment or identity is broken, and so is every number. */
  isExcessive: boolean;
}

/** How many units saw more than one arm: cookies that are lost, shared devices, a salt that changed. */
export function checkMultipleExposure(counts: ExposureCounts): Result<ExposureCheck> {
  const { units, multiple, limit = 0.01, threshold = 0.001 } = counts;
  const fault = findShareFault({ limit, threshold });
  if (fault) return fault;
  for (const [name, count] of Object.entries({ units, multiple }))
    if (!(Number.isInteger(count) && count >= 0))
      return { kind: 'invalid', reason: `${name} is ${count}, not a count of units` };
  if (multiple > units) return { kind: 'invalid', reason: `multiple is ${multiple}, more than the ${units} units` };
  if (units === 0) return { kind: 'insufficient', reason: 'no unit was exposed yet', have: 0, needed: 1 };
  const p = binomialTail(multiple, units, limit);
  return { kind: 'estimated', share: multiple / units, p, isExcessive: p < threshold };
}
