import type { MetricDefinition } from '@embedding-studio/contracts';
import { formatCount, formatDecimal, formatDelta, formatDuration, formatShare } from '@/ui/format-number';
import type { StatTileProps } from '@/ui/stat-tile';

type Unit = MetricDefinition['unit'];

export function formatMetric(value: number | null, unit: Unit): string {
  switch (unit) {
    case 'count':
      return formatCount(value);
    case 'share':
      return formatShare(value);
    case 'place':
      return formatDecimal(value, 2);
    case 'score':
      return formatDecimal(value, 3);
    case 'milliseconds':
      return formatDuration(value);
  }
}

const unchanged = 0.05;

/** Against the period before: shares in points, everything else relative. Null where one of the two is unknown. */
export function describeChange(
  figure: { value: number | null; previous: number | null },
  { unit, better }: Pick<MetricDefinition, 'unit' | 'better'>,
): NonNullable<StatTileProps['change']> | null {
  const { value, previous } = figure;
  if (value === null || previous === null || (unit !== 'share' && previous === 0)) return null;
  const change = unit === 'share' ? (value - previous) * 100 : (value / previous - 1) * 100;
  if (Math.abs(change) < unchanged) return null;
  const isUp = change > 0;
  const text = `${formatDelta(change, 1)} ${unit === 'share' ? 'pt' : '%'}`;
  return { text, isUp, isGood: better === 'neither' ? null : (better === 'up') === isUp };
}
