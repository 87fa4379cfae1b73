import {
  type ArmMoments,
  adjustCuped,
  type PairStats,
  type Result,
  summariseMean,
  summariseRatio,
} from '@embedding-studio/stats';
import { type Linear, pairStats, type UnitMoments, uniteMoments } from './unit-moments.ts';

/** One metric of one arm: enough for all that is said of it. */
export interface MetricSums {
  moments: UnitMoments;
  /** What must be there for the metric to mean something (dwell times, say); 0: it was never measured. */
  evidence: number;
}

/** A metric in all arms, the control first. */
export interface ArmMetrics {
  isRatio: boolean;
  arms: MetricSums[];
}

const y: Linear = { constant: 0, weights: [1, 0, 0, 0] };
const x: Linear = { constant: 0, weights: [0, 1, 0, 0] };
const before: Linear = { constant: 0, weights: [0, 0, 1, 0] };
const beforeOver: Linear = { constant: 0, weights: [0, 0, 0, 1] };

/** Mean of the metric and its variance per unit: Σy ÷ Σx by the delta method, or the mean of y over the units. */
export function summariseArm({ moments }: MetricSums, isRatio: boolean): Result<ArmMoments> {
  const stats = pairStats(moments, { x, y });
  return isRatio ? summariseRatio(stats) : summariseMean({ n: stats.n, sum: stats.sumY, sumOfSquares: stats.sumYY });
}

/** The same metric of the same units before the experiment. */
export function summariseBefore({ moments }: MetricSums, isRatio: boolean): Result<ArmMoments> {
  const stats = pairStats(moments, { x: beforeOver, y: before });
  return isRatio ? summariseRatio(stats) : summariseMean({ n: stats.n, sum: stats.sumY, sumOfSquares: stats.sumYY });
}

/** What CUPED makes of all arms; null where the time before says nothing. */
export function adjustArms({ isRatio, arms }: ArmMetrics): { arms: ArmMoments[]; explained: number } | null {
  const adjusted = adjustCuped(
    isRatio ? linearised(arms) : arms.map(({ moments }) => pairStats(moments, { x: before, y })),
  );
  return adjusted.kind === 'estimated' ? { arms: adjusted.arms, explained: 1 - adjusted.varianceLeft } : null;
}

/**
 * A ratio as one figure per unit, R + (y − Rx) ÷ x̄ with each arm's own R: same mean, same variance as the delta method.
 * What was before is made linear by the ratio of all arms together, so that a difference of then stays to be taken out.
 */
function linearised(arms: readonly MetricSums[]): PairStats[] {
  const all = uniteMoments(arms.map(({ moments }) => moments));
  const [, , b = 0, a = 0] = all.sums;
  const past = linear({ n: all.n, of: b, over: a }, [2, 3]);
  return arms.map(({ moments }) => {
    const [of = 0, over = 0] = moments.sums;
    return pairStats(moments, { x: past, y: linear({ n: moments.n, of, over }, [0, 1]) });
  });
}

function linear({ n, of, over }: { n: number; of: number; over: number }, [top, bottom]: [number, number]): Linear {
  const weights: [number, number, number, number] = [0, 0, 0, 0];
  if (over === 0) return { constant: 0, weights };
  weights[top] = n / over;
  weights[bottom] = (-of / over) * (n / over);
  return { constant: of / over, weights };
}
