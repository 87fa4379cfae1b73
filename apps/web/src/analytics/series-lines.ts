import type { MetricDefinition } from '@embedding-studio/contracts';
import type { MetricSeries } from '@embedding-studio/core';
import { type Line, lookOf } from '@/charts/line';

type Points = readonly (number | null)[];

function curve(points: Points): Pick<Line, 'x' | 'y'> {
  return { x: points.map((_, at) => at), y: points.map((value) => value ?? Number.NaN) };
}

/** All searches, the period before, and the slices in their colours. */
export function makeLines(
  { total, slices }: Pick<MetricSeries, 'total' | 'slices'>,
  { isPastShown, labelOf }: { isPastShown: boolean; labelOf: (slice: string) => string },
): Line[] {
  const isSliced = slices.length > 0;
  const whole: Line = {
    ...{ id: 'total', label: 'All searches', ...curve(total.points) },
    ...(isSliced ? { color: 0 } : { color: 1, emphasis: 'strong' as const }),
  };
  const past: Line = { id: 'past', label: 'Period before', color: 0, isDashed: true, ...curve(total.past) };
  return [
    whole,
    ...(isPastShown ? [past] : []),
    ...slices.map((one, place) => ({
      ...{ id: `slice ${one.slice}`, label: labelOf(one.slice), ...lookOf(place), ...curve(one.points) },
    })),
  ];
}

/** Places and scores are read by their differences; everything else from zero. */
export function rangeOfLines(
  lines: readonly Line[],
  { unit }: Pick<MetricDefinition, 'unit'>,
): [number, number] | null {
  const values = lines.flatMap(({ y }) => Array.from(y)).filter(Number.isFinite);
  if (values.length === 0) return null;
  const most = Math.max(...values);
  if (unit === 'place' || unit === 'score') return null;
  return [0, most === 0 ? 1 : most * 1.08];
}

/** Half a point more at both ends: the first and the last are seen whole. */
export function stretchOf(lines: readonly Line[]): [number, number] {
  const count = Math.max(1, ...lines.map(({ y }) => y.length));
  return [-0.4, count - 0.6];
}

/** What a point is called: 14:00, or Nov 3; both UTC, as the counts are. */
export function pointNamer({ from, stepMs }: Pick<MetricSeries, 'from' | 'stepMs'>): (at: number) => string {
  const isHour = stepMs < 86_400_000;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: 'UTC',
    ...(isHour
      ? ({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const)
      : ({ month: 'short', day: 'numeric' } as const)),
  });
  return (at) => format.format(from.getTime() + at * stepMs);
}
