import type { MetricDefinition } from '@embedding-studio/contracts';
import type { MetricLine, MetricSeries, SliceBy, SliceLine } from '@embedding-studio/core';
import Link from 'next/link';
import { colorOf } from '@/charts/crosshair-reading';
import { lookOf } from '@/charts/line';
import { describeChange, formatMetric } from '@/overview/format-metric';
import { type SessionsTarget, sessionsHref } from '@/sessions/sessions-href';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { formatCount } from '@/ui/format-number';
import { type PlainColumn, PlainTable } from '@/ui/plain-table';
import { sliceLabel, sliceTitles } from './slice-words';
import { useSliceNames } from './use-slice-names';

export interface SliceTableProps {
  series: MetricSeries;
  by: SliceBy;
  metric: MetricDefinition;
}

/** What the lines of the chart come to, and the way to the sessions behind each. */
export function SliceTable({ series, by, metric }: SliceTableProps) {
  const names = useSliceNames();
  const { slices, more, from, to } = series;
  const figure = (value: number | null) => (
    <span className="whitespace-nowrap">{formatMetric(value, metric.unit)}</span>
  );
  const columns: PlainColumn<SliceLine>[] = [
    {
      id: 'slice',
      header: sliceTitles[by],
      cell: ({ slice }) => {
        const place = slices.findIndex((one) => one.slice === slice);
        const target = targetOf(by, slice);
        const label = sliceLabel(by, slice, names);
        return (
          <span className="flex min-w-28 items-center gap-2">
            <span aria-hidden className="size-2 shrink-0 rounded-full" style={{ background: colorOf(lookOf(place)) }} />
            {target === null ? (
              label
            ) : (
              <Link
                href={sessionsHref({ flags: metric.behind, from, to, ...target })}
                className="break-words hover:underline"
              >
                {label}
              </Link>
            )}
          </span>
        );
      },
    },
    { id: 'searches', header: 'Searches', align: 'right', cell: ({ searches }) => formatCount(searches) },
    { id: 'value', header: metric.title, align: 'right', cell: ({ value }) => figure(value) },
    { id: 'previous', header: 'Before', align: 'right', cell: ({ previous }) => figure(previous) },
    { id: 'change', header: 'Change', align: 'right', cell: (line) => <Change line={line} metric={metric} /> },
  ];
  const hint = more > 0 ? `The ${slices.length} most frequent; ${formatCount(more)} more` : undefined;
  return (
    <Card title={`By ${sliceTitles[by].toLowerCase()}`} hint={hint} isFlush className="mt-4">
      <PlainTable caption={`${metric.title} by ${by}`} columns={columns} rows={slices} rowKey={({ slice }) => slice} />
    </Card>
  );
}

/** The sessions of a slice; null where no filter of sessions tells them. */
function targetOf(by: SliceBy, slice: string): SessionsTarget | null {
  if (by === 'queries') return null;
  if (by === 'model') return { models: [slice] };
  if (by === 'collection') return { collections: [slice] };
  return by === 'query' ? { query: slice, isWhole: true } : { slice: `${by}:${slice}` };
}

export function Change({ line, metric }: { line: Pick<MetricLine, 'value' | 'previous'>; metric: MetricDefinition }) {
  const change = describeChange(line, metric);
  if (change === null) return <span className="text-ink-faint">–</span>;
  const tone = change.isGood === null ? 'text-ink-soft' : change.isGood ? 'text-good' : 'text-bad';
  return <span className={classNames('nums whitespace-nowrap', tone)}>{change.text}</span>;
}
