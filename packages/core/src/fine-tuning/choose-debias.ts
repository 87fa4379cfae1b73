import type {
  ExampleOptions,
  PropensityCurve,
  PropensityMethod,
  SessionWithEvents,
  TrainingSettings,
} from '@embedding-studio/contracts';
import { measurePropensities, readPages } from '@embedding-studio/ml/bias';
import { debiasShrinkClicks } from '@embedding-studio/ml/clicks';

export interface Debias {
  curve: PropensityCurve;
  isApplied: boolean;
  /** Why, in words. */
  reason: string;
  /** What examples are to be weighed by; empty when nothing is corrected. */
  options: ExampleOptions;
}

/** The newest ones tell as much as all of them, sooner. */
const sessionsMax = 20_000;
const seed = 1;

/** Click rates alone mix the ranker's merit with the bias: corrected by them, labels got worse where it was measured. */
const trusted: ReadonlySet<PropensityMethod> = new Set(['randomised', 'swaps', 'harvesting', 'em']);

/** The position bias of the sessions of a training, and whether its click weights are corrected by it. */
export function chooseDebias(sessions: readonly SessionWithEvents[], setting: TrainingSettings['debias']): Debias {
  const curve = measureCurve(sessions);
  const theta = curve.points.map((point) => point.theta);
  const refusal = refuse(curve, setting);
  if (refusal !== null) return { curve, isApplied: false, reason: refusal, options: {} };
  return {
    ...{ curve, isApplied: true },
    reason: `Clicks count by 1/θ of their rank, up to 10 times, the more so the more clicks a query has (half at ${debiasShrinkClicks}).`,
    options: { propensities: theta, shrinkClicks: debiasShrinkClicks },
  };
}

export function measureCurve(sessions: readonly SessionWithEvents[], resamples?: number): PropensityCurve {
  return measurePropensities(readPages(sessions.slice(-sessionsMax)), { seed, resamples });
}

function refuse({ method, points }: PropensityCurve, setting: TrainingSettings['debias']): string | null {
  if (setting !== 'auto') return 'Every click counts the same: debias is off.';
  if (!trusted.has(method))
    return 'Every click counts the same: these sessions do not tell position bias from the merit of the ranking.';
  if (points.every(({ theta }) => theta === 1)) return 'Every click counts the same: no position bias was found.';
  return null;
}
