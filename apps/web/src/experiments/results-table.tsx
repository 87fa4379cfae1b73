import type { Interval } from '@embedding-studio/contracts';
import { formatMetric } from '@/overview/format-metric';
import { formatDecimal, formatDelta, formatShare, noValue } from '@/ui/format-number';
import { type PlainColumn, PlainTable } from '@/ui/plain-table';
import { metricOf } from './experiment-words';
import { senseWords } from './interval-plot';
import type { IntervalRow } from './interval-rows';

const estimated = ({ result }: IntervalRow) => (result.kind === 'estimated' ? result : null);

function relativeText(interval: Interval | null | undefined): string {
  if (!interval) return noValue;
  const [mean, lo, hi] = [interval.mean, interval.lo, interval.hi].map((value) => formatDelta(value * 100, 2));
  return `${mean} % (${lo} to ${hi})`;
}

const figure = (row: IntervalRow, pick: 'control' | 'value'): string =>
  formatMetric(estimated(row)?.[pick] ?? null, metricOf(row.metric).unit);

const columns: PlainColumn<IntervalRow>[] = [
  { id: 'metric', header: 'Metric', cell: ({ title }) => title },
  { id: 'arm', header: 'Arm', cell: ({ arm }) => arm },
  { id: 'control', header: 'Control', align: 'right', cell: (row) => figure(row, 'control') },
  { id: 'value', header: 'Arm’s value', align: 'right', cell: (row) => figure(row, 'value') },
  { id: 'relative', header: 'Change', align: 'right', cell: (row) => relativeText(estimated(row)?.relative) },
  {
    id: 'difference',
    header: 'Difference',
    align: 'right',
    cell: (row) => formatDelta(estimated(row)?.difference.mean, 4),
  },
  { id: 'p', header: 'p', align: 'right', cell: (row) => formatDecimal(estimated(row)?.p, 4) },
  {
    id: 'adjusted',
    header: 'p, corrected',
    align: 'right',
    cell: (row) => formatDecimal(estimated(row)?.adjustedP, 4),
  },
  { id: 'chance', header: 'To win', align: 'right', cell: (row) => formatShare(estimated(row)?.chanceToWin) },
  {
    id: 'loss',
    header: 'Expected loss',
    align: 'right',
    cell: (row) => formatDecimal(estimated(row)?.expectedLoss, 4),
  },
  { id: 'cuped', header: 'Explained', align: 'right', cell: (row) => formatShare(estimated(row)?.explained) },
  { id: 'says', header: 'Says', cell: saysOf },
];

function saysOf({ result, sense, isBreached, limit }: IntervalRow): string {
  if (result.kind !== 'estimated') return result.reason;
  if (isBreached) return 'limit breached';
  return limit === null ? senseWords[sense] : `within ${formatShare(Math.abs(limit))}`;
}

/** The numbers behind the plot. */
export function ResultsTable({ rows }: { rows: IntervalRow[] }) {
  return <PlainTable caption="Results" columns={columns} rows={rows} rowKey={({ id }) => id} />;
}
