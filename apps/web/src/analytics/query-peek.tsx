'use client';

import type { SessionFlag } from '@embedding-studio/contracts';
import type { QueryRow } from '@embedding-studio/core';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useMemo } from 'react';
import { LineChart } from '@/charts/line-chart';
import { formatMetric } from '@/overview/format-metric';
import { usePeriod } from '@/overview/period-switch';
import { sessionsHref } from '@/sessions/sessions-href';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { ChartFrame } from '@/ui/chart-frame';
import { formatCount, formatShare } from '@/ui/format-number';
import { Peek } from '@/ui/peek';
import { type PlainColumn, PlainTable } from '@/ui/plain-table';
import { QueryView } from '@/ui/query-view';
import { Skeleton } from '@/ui/skeleton';
import { moves } from '@/ui/use-list-keys';
import { makeLines, pointNamer, rangeOfLines, stretchOf } from './series-lines';
import { SeriesTable } from './series-table';
import { type AnalyticsState, isSliceable, metricOf } from './use-analytics';
import type { QueryRows } from './use-query-rows';

export interface QueryPeekProps {
  query: string;
  found: QueryRows;
  metric: AnalyticsState['metric'];
  open(query: string | null): void;
}

/** One query beside the list: its figures now and before, its curve, and the way to its sessions. */
export function QueryPeek({ query, found, metric, open }: QueryPeekProps) {
  const ids = found.rows.map((row) => row.query);
  const row = found.rows.find((one) => one.query === query);
  return (
    <Peek
      title={query}
      hint="Figures of this query, as it is written without case and punctuation"
      onClose={() => open(null)}
      {...moves(ids, query, open)}
      actions={
        <Button asChild>
          <Link href={`/search?q=${encodeURIComponent(query)}`}>Try in the playground</Link>
        </Button>
      }
    >
      <div className="space-y-4">
        {row !== undefined && <Figures row={row} period={found.period} />}
        <QueryCurve query={query} metric={isSliceable(metricOf(metric)) ? metric : 'searches'} />
      </div>
    </Peek>
  );
}

interface Figure {
  title: string;
  now: string;
  before: string;
  flags: SessionFlag[];
}

function figuresOf(row: QueryRow): Figure[] {
  const { previous } = row;
  const counted = (
    title: string,
    read: (of: { searches: number; zeroResults: number; unclicked: number }) => number,
  ) => ({
    ...{ title, now: formatCount(read(row)), before: formatCount(previous === null ? null : read(previous)) },
  });
  return [
    { ...counted('Searches', ({ searches }) => searches), flags: ['counted'] },
    { ...counted('Without results', ({ zeroResults }) => zeroResults), flags: ['counted', 'zeroResult'] },
    { ...counted('Without a click', ({ unclicked }) => unclicked), flags: ['counted', 'noClick'] },
    {
      ...{ title: 'Clicked', now: formatShare(row.clickRate), before: formatShare(previous?.clickRate) },
      flags: ['counted', 'clicked'],
    },
    {
      ...{ title: 'Satisfied', now: formatShare(row.satisfiedRate), before: formatShare(previous?.satisfiedRate) },
      flags: ['counted', 'satisfied'],
    },
  ];
}

function Figures({ row, period }: { row: QueryRow; period: QueryRows['period'] }) {
  const columns: PlainColumn<Figure>[] = [
    { id: 'title', header: 'Figure', cell: ({ title }) => title },
    { id: 'now', header: 'This period', align: 'right', cell: ({ now }) => now },
    { id: 'before', header: 'Before', align: 'right', cell: ({ before }) => before },
    {
      id: 'sessions',
      header: 'Behind it',
      align: 'right',
      cell: ({ title, flags }) => (
        <Link
          href={sessionsHref({ query: row.query, isWhole: true, flags, ...(period ?? {}) })}
          aria-label={`Sessions: ${title}`}
          className="font-medium text-accent hover:underline"
        >
          Sessions
        </Link>
      ),
    },
  ];
  return (
    <div className="rounded-lg border bg-surface">
      <PlainTable
        caption="Figures of the query"
        columns={columns}
        rows={figuresOf(row)}
        rowKey={({ title }) => title}
      />
    </div>
  );
}

function QueryCurve({ query, metric: id }: { query: string; metric: AnalyticsState['metric'] }) {
  const [period] = usePeriod();
  const trpc = useTRPC();
  const metric = metricOf(id);
  const found = useQuery(trpc.analytics.getMetricSeries.queryOptions({ metric: id, period, query }));
  const total = found.data?.total;
  const lines = useMemo(
    () => (total === undefined ? [] : makeLines({ total, slices: [] }, { isPastShown: true, labelOf: String })),
    [total],
  );
  const format = (value: number | null) => formatMetric(value, metric.unit);
  return (
    <QueryView query={found} skeleton={<Skeleton className="h-56 rounded-lg" />}>
      {(series) => {
        const nameOf = pointNamer(series);
        const ranges = { xRange: stretchOf(lines), yRange: rangeOfLines(lines, metric) };
        const chartProps = { lines, ...ranges, formatX: nameOf, formatY: format };
        return (
          <ChartFrame
            title={metric.title}
            hint="Dashed: the period before"
            height={180}
            chart={<LineChart label={`${metric.title} of ${query}`} height={180} isWholeX {...chartProps} />}
            table={<SeriesTable lines={lines} nameOf={nameOf} format={format} />}
          />
        );
      }}
    </QueryView>
  );
}
