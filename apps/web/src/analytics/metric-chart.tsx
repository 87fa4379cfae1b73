'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { LineChart } from '@/charts/line-chart';
import { formatMetric } from '@/overview/format-metric';
import { usePeriod } from '@/overview/period-switch';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { ChartFrame } from '@/ui/chart-frame';
import { classNames } from '@/ui/class-names';
import { LabelledSelect } from '@/ui/labelled-select';
import { QueryView } from '@/ui/query-view';
import { Skeleton } from '@/ui/skeleton';
import { makeLines, pointNamer, rangeOfLines, stretchOf } from './series-lines';
import { SeriesTable } from './series-table';
import { SliceTable } from './slice-table';
import { sliceLabel, sliceSources, sliceTitles } from './slice-words';
import { type AnalyticsState, type ChangeAnalytics, isSliceable, metricOf } from './use-analytics';
import { useSliceNames } from './use-slice-names';

const renewMs = 60_000;
const height = 260;

export interface MetricChartProps {
  state: AnalyticsState;
  change: ChangeAnalytics;
}

/** One figure over the period beside the period before, taken apart where that is wanted. */
export function MetricChart({ state, change }: MetricChartProps) {
  const [period] = usePeriod();
  const trpc = useTRPC();
  const metric = metricOf(state.metric);
  const by = isSliceable(metric) ? state.by : null;
  const query = useQuery({
    ...trpc.analytics.getMetricSeries.queryOptions({ metric: state.metric, period, by }),
    ...{ refetchInterval: renewMs, placeholderData: keepPreviousData },
  });
  return (
    <QueryView query={query} skeleton={<Skeleton className="h-[340px] rounded-lg" />}>
      {(series) => (
        <>
          <SeriesFrame {...{ series, state, by }} actions={<ChartActions {...{ state, change }} />} />
          {by !== null && series.slices.length === 0 && (
            <p role="status" className="mt-2 rounded-lg border bg-surface px-4 py-3 text-ink-faint">
              {sliceSources[by]}
            </p>
          )}
          {by !== null && series.slices.length > 0 && <SliceTable {...{ series, by, metric }} />}
        </>
      )}
    </QueryView>
  );
}

type Series = Parameters<typeof SliceTable>[0]['series'];

interface SeriesFrameProps {
  series: Series;
  state: AnalyticsState;
  by: AnalyticsState['by'];
  actions: React.ReactNode;
}

function SeriesFrame({ series, state, by, actions }: SeriesFrameProps) {
  const metric = metricOf(state.metric);
  const names = useSliceNames();
  const { slices, total } = series;
  const shown = by === null ? [] : slices;
  const lines = useMemo(
    () =>
      makeLines(
        { total, slices: shown },
        { isPastShown: state.past, labelOf: (slice) => (by === null ? slice : sliceLabel(by, slice, names)) },
      ),
    [total, shown, state.past, by, names],
  );
  const nameOf = useMemo(() => pointNamer(series), [series]);
  const format = useCallback((value: number | null) => formatMetric(value, metric.unit), [metric.unit]);
  const xRange = useMemo(() => stretchOf(lines), [lines]);
  const yRange = useMemo(() => rangeOfLines(lines, metric), [lines, metric]);
  const isEmpty = lines.every(({ y }) => Array.from(y).every(Number.isNaN));
  const chart = isEmpty ? (
    <p className="grid h-full place-items-center text-center text-ink-faint">
      Nothing to draw: no search of this period says this.
    </p>
  ) : (
    <LineChart
      label={`${metric.title} by time`}
      {...{ lines, height, xRange, yRange, formatX: nameOf, formatY: format }}
      isWholeX
    />
  );
  return (
    <ChartFrame
      title={metric.title}
      hint={metric.description}
      actions={actions}
      height={height}
      chart={chart}
      table={<SeriesTable lines={lines} nameOf={nameOf} format={format} />}
    />
  );
}

function ChartActions({ state, change }: MetricChartProps) {
  const canSlice = isSliceable(metricOf(state.metric));
  const choices = Object.entries(sliceTitles).map(([value, label]) => ({ value, label }));
  return (
    <>
      {canSlice ? (
        <LabelledSelect
          label="By"
          value={state.by ?? ''}
          choices={[{ value: '', label: 'All searches' }, ...choices]}
          onChange={(next) => change({ by: next === '' ? null : (next as AnalyticsState['by']) })}
        />
      ) : (
        <span className="text-ink-faint text-xs">Counted as a whole only</span>
      )}
      <Button
        size="small"
        kind="quiet"
        aria-pressed={state.past}
        className={classNames(state.past && 'bg-accent-soft text-accent hover:bg-accent-soft hover:text-accent')}
        onClick={() => change({ past: !state.past })}
      >
        Period before
      </Button>
    </>
  );
}
