import { fisherTail } from '../distribution/index.ts';
import type { Result } from '../result.ts';
import { findArmFault, findShareFault } from './effect.ts';
import type { ArmMoments } from './moments.ts';

export interface PrePeriodCheck {
  /** Welch's F over all arms; of two arms it is t². */
  f: number;
  degrees: { above: number; below: number };
  p: number;
  /** The arms differed before the experiment began: bad luck in the draw or a broken one. */
  isImbalanced: boolean;
}

/**
 * An A/A test of the time before: the same units, the same metric, no treatment yet. Welch, "On the Comparison of
 * Several Mean Values" (1951). A warning, not a bar: one of a hundred fair draws trips it at the default, and CUPED
 * takes the difference out.
 */
export function checkPrePeriod(
  arms: readonly ArmMoments[],
  { threshold = 0.01 }: { threshold?: number } = {},
): Result<PrePeriodCheck> {
  if (arms.length < 2) return { kind: 'invalid', reason: 'a comparison needs two arms' };
  const fault = findShareFault({ threshold });
  if (fault) return fault;
  for (const [place, arm] of arms.entries()) {
    const armFault = findArmFault(`arm ${place}`, arm);
    if (armFault) return armFault;
    if (arm.variance === 0)
      return { kind: 'insufficient', reason: `every unit of arm ${place} has the same past`, have: arm.n };
  }
  const { f, degrees } = welchF(arms);
  const p = fisherTail(f, degrees);
  return { kind: 'estimated', f, degrees, p, isImbalanced: p < threshold };
}

function welchF(arms: readonly ArmMoments[]) {
  const weights = arms.map(({ n, variance }) => n / variance);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const weigh = (term: (arm: ArmMoments, weight: number) => number) =>
    arms.reduce((sum, arm, place) => sum + term(arm, weights[place] ?? 0), 0);
  const mean = weigh((arm, weight) => weight * arm.mean) / total;
  const above = arms.length - 1;
  const between = weigh((arm, weight) => weight * (arm.mean - mean) ** 2) / above;
  const loss = weigh(({ n }, weight) => (1 - weight / total) ** 2 / (n - 1));
  const scale = arms.length ** 2 - 1;
  return {
    f: between / (1 + (2 * (arms.length - 2) * loss) / scale),
    degrees: { above, below: scale / (3 * loss) },
  };
}
