'use client';

import { type Line, lookOf } from '@/charts/line';
import { LineChart } from '@/charts/line-chart';
import { ChartFrame } from '@/ui/chart-frame';
import { formatCount, formatDelta } from '@/ui/format-number';
import { type PlainColumn, PlainTable } from '@/ui/plain-table';
import { formatAbsolute } from '@/ui/time';
import type { Experiment, Series } from './experiment-types';
import { metricOf } from './experiment-words';
import { seriesReach, toLines } from './series-lines';
import { useReadoutSeries } from './use-readout';

interface TableRow {
  arm: string;
  at: Date;
  units: number;
  verdict: string;
  difference: { mean: number; lo: number; hi: number } | null;
}

const columns: PlainColumn<TableRow>[] = [
  { id: 'at', header: 'Read out', cell: ({ at }) => formatAbsolute(at) },
  { id: 'arm', header: 'Arm', cell: ({ arm }) => arm },
  { id: 'units', header: 'Units', align: 'right', cell: ({ units }) => formatCount(units) },
  { id: 'difference', header: 'Difference', align: 'right', cell: (row) => formatDelta(row.difference?.mean, 4) },
  { id: 'lo', header: 'From', align: 'right', cell: (row) => formatDelta(row.difference?.lo, 4) },
  { id: 'hi', header: 'To', align: 'right', cell: (row) => formatDelta(row.difference?.hi, 4) },
  { id: 'verdict', header: 'Verdict', cell: ({ verdict }) => verdict },
];

/** How the interval of what decides narrowed over the read-outs. */
export function SeriesCard({ experiment, readoutId }: { experiment: Experiment; readoutId: string }) {
  const { data } = useReadoutSeries(experiment.id, readoutId);
  const { kind, primaryMetric } = experiment.definition;
  if (data === undefined || toLines(data, experiment.createdAt).every(({ x }) => x.length < 2)) return null;
  const title = kind === 'interleaving' ? 'Preference' : metricOf(primaryMetric).title;
  return (
    <ChartFrame
      title={`${title} over the read-outs`}
      hint="Difference to the control with its interval, by time since the start"
      chart={<Chart title={title} series={data} experiment={experiment} />}
      table={
        <PlainTable
          caption={`${title} over the read-outs`}
          columns={columns}
          rows={data.flatMap(({ arm, points }) => points.map((point) => ({ arm, ...point })).reverse())}
          rowKey={({ arm, at }, index) => `${arm}:${at.getTime()}:${index}`}
        />
      }
    />
  );
}

function Chart({ title, series, experiment }: { title: string; series: Series; experiment: Experiment }) {
  const startedAt = experiment.startedAt ?? experiment.createdAt;
  const drawn = toLines(series, startedAt);
  const lines: Line[] = drawn.map((line, at) => ({ ...line, ...lookOf(at) }));
  const ends = drawn.flatMap(({ x }) => x);
  const zero: Line = {
    ...{ id: 'zero', label: 'no difference', color: 0, emphasis: 'faint', isDashed: true },
    ...{ x: [Math.min(...ends), Math.max(...ends)], y: [0, 0] },
  };
  return (
    <LineChart
      label={`${title} of each arm against the control, by time since the start`}
      lines={[zero, ...lines]}
      height={240}
      yRange={seriesReach(drawn)}
      formatX={formatHours}
      formatY={formatDifference}
    />
  );
}

function formatHours(hours: number): string {
  if (hours < 1) return `${Number((hours * 60).toPrecision(2))} min`;
  return hours < 48 ? `${Number(hours.toPrecision(3))} h` : `${Math.round(hours / 24)} d`;
}
const formatDifference = (value: number): string =>
  value === 0 ? '0' : formatDelta(value, Math.abs(value) < 0.01 ? 4 : 3);
