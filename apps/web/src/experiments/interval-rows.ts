import type { ExperimentDefinition, ReadoutMetric, ReadoutResult } from '@embedding-studio/contracts';

export type Sense = 'better' | 'worse' | 'open';

/** One arm of one metric, or of one slice, against the control. */
export interface IntervalRow {
  id: string;
  metric: string;
  title: string;
  arm: string;
  result: ReadoutResult;
  /** What the interval shows beyond doubt, in the direction that is good for the metric. */
  sense: Sense;
  isBreached: boolean;
  /** Of a guardrail: how far it may change for the worse, with its sign; null: no limit. */
  limit: number | null;
}

export type Role = ReadoutMetric['role'];

/** Change relative to the control; null where there is none to draw. */
export function drawnOf(result: ReadoutResult): { mean: number; lo: number; hi: number } | null {
  return result.kind === 'estimated' ? result.relative : null;
}

export function senseOf(result: ReadoutResult, better: 'up' | 'down' | 'neither'): Sense {
  if (result.kind !== 'estimated' || better === 'neither') return 'open';
  const { lo, hi } = result.difference;
  if (lo <= 0 && hi >= 0) return 'open';
  return lo > 0 === (better === 'up') ? 'better' : 'worse';
}

type MetricWords = { title: string; better: 'up' | 'down' | 'neither' };

/** The rows of all metrics that play this role, arm by arm. */
export function rowsOf(
  metrics: readonly ReadoutMetric[],
  role: Role,
  options: { guardrails: ExperimentDefinition['guardrails']; metricOf: (id: string) => MetricWords },
): IntervalRow[] {
  return metrics
    .filter((metric) => metric.role === role)
    .flatMap(({ metric, arms }) => {
      const { title, better } = options.metricOf(metric);
      const allowed = options.guardrails.find((guardrail) => guardrail.metric === metric)?.lossMax;
      const limit = role !== 'guardrail' || allowed === undefined ? null : better === 'down' ? allowed : -allowed;
      return arms.map(({ arm, result, isBreached }) => ({
        ...{ id: `${role}:${metric}:${arm}`, metric, title, arm, result, isBreached, limit },
        sense: isBreached ? ('worse' as const) : senseOf(result, better),
      }));
    });
}

const reachLeast = 0.02;
const reachMost = 1;

/** How far the scale goes to both sides of zero: all that is drawn, but no further than ±100 %. */
export function reachOf(rows: readonly IntervalRow[]): number {
  const ends = rows.flatMap(({ result, limit }) => {
    const drawn = drawnOf(result);
    return [...(drawn === null ? [] : [drawn.lo, drawn.hi]), ...(limit === null ? [] : [limit * 1.2])];
  });
  const reach = Math.max(reachLeast, ...ends.map((end) => Math.abs(end) * 1.08));
  return Math.min(reachMost, Number.isFinite(reach) ? reach : reachMost);
}

/** Place on the scale in per cent of its width, and whether it had to be cut off there. */
export function placeOf(value: number, reach: number): { percent: number; isCut: boolean } {
  const share = (value / reach + 1) / 2;
  return { percent: Math.min(1, Math.max(0, share)) * 100, isCut: share < 0 || share > 1 };
}
