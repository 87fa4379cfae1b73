import { bandOf, rangeWithoutOutliers, type Smoothing, smooth } from '@embedding-studio/stats/series';
import { type Line, lookOf } from '../charts/line';
import { widen } from '../charts/scale';
import type { RunCurve } from './use-curves';

export interface ChartRun {
  runId: string;
  name: string;
  /** Value of the param that runs are grouped by; null without grouping. */
  group: string | null;
}

export interface ChartOptions {
  smoothing: Smoothing;
  strength: number;
  baselineRunId: string | null;
  /** Run under the pointer in a table or list. */
  focusRunId: string | null;
}

/** Above this many lines each one would hide the others: only the focus and the baseline keep a colour. */
const colouredMax = 24;
const bandPlaces = 120;

export function linesOf(
  runs: readonly ChartRun[],
  curves: ReadonlyMap<string, RunCurve>,
  options: ChartOptions,
): Line[] {
  const drawn = runs.filter(({ runId }) => curves.has(runId));
  if (drawn.some(({ group }) => group !== null)) return groupLines(drawn, curves, options);
  const isCrowded = drawn.length > colouredMax;
  return drawn.map(({ runId, name }, place) => {
    const curve = curves.get(runId) ?? { x: [], y: [] };
    const y = smooth(curve, { kind: options.smoothing, strength: options.strength });
    const isSmoothed = options.smoothing !== 'none' && options.strength > 0;
    const isStrong = runId === options.focusRunId || runId === options.baselineRunId;
    return {
      ...{ id: runId, label: runId === options.baselineRunId ? `${name} (baseline)` : name, x: curve.x, y },
      ...(isCrowded && !isStrong ? { color: 0 } : lookOf(place)),
      emphasis: isStrong ? 'strong' : 'normal',
      raw: isSmoothed && !isCrowded ? curve.y : undefined,
    };
  });
}

/** Of each group the mean and the spread of its runs, as far as four in five of them go: a few alone would make it jump. */
function groupLines(runs: readonly ChartRun[], curves: ReadonlyMap<string, RunCurve>, options: ChartOptions): Line[] {
  const groups = new Map<string, RunCurve[]>();
  for (const { runId, group } of runs) {
    const curve = curves.get(runId);
    if (curve) groups.set(group ?? '–', [...(groups.get(group ?? '–') ?? []), curve]);
  }
  return [...groups].sort(compareGroups).map(([group, members], place) => {
    const band = bandOf(members, bandPlaces);
    const isKnown = (at: number) => (band.curves[at] ?? 0) >= 0.8 * members.length;
    const soften = (y: ArrayLike<number>) => {
      const known = Array.from(y, (value, at) => (isKnown(at) ? value : Number.NaN));
      return smooth({ x: band.x, y: known }, { kind: options.smoothing, strength: options.strength });
    };
    return {
      ...{ id: `group ${group}`, label: `${group} (${members.length})`, x: band.x, y: soften(band.mean) },
      ...lookOf(place),
      band: { low: soften(band.low), high: soften(band.high) },
    };
  });
}

export function compareGroups([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  const numbers = Number(left) - Number(right);
  if (Number.isFinite(numbers)) return numbers;
  return left < right ? -1 : 1;
}

/** The range of y without single spikes; null leaves it to the lines. */
export function yRangeOf(
  lines: readonly Line[],
  options: { outliers: boolean; isLogY: boolean },
): [number, number] | null {
  if (!options.outliers) return null;
  const values = lines.flatMap(({ y, raw }) => [...Array.from(y), ...(raw === undefined ? [] : Array.from(raw))]);
  const range = rangeWithoutOutliers(options.isLogY ? values.filter((value) => value > 0) : values, 0.005);
  return range === null ? null : widen(range, { isLog: options.isLogY, margin: 0.06 });
}
