'use client';

import { Table2, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { formatSeconds, formatTick } from '@/charts/format-tick';
import type { Line } from '@/charts/line';
import { LineChart } from '@/charts/line-chart';
import { LineTable } from '@/charts/line-table';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { type ChartRun, linesOf, yRangeOf } from './chart-lines';
import { useCurves } from './use-curves';
import type { ChangeRunsState, RunsState } from './use-runs-state';

export interface MetricChartProps {
  metric: string;
  runs: readonly ChartRun[];
  state: RunsState;
  change: ChangeRunsState;
  baselineRunId: string | null;
  focusRunId: string | null;
  onRemove?: () => void;
}

/** One metric of the shown runs. Its crosshair and zoom are those of all charts on the page. */
export function MetricChart(props: MetricChartProps) {
  const { metric, runs, state, change, baselineRunId, focusRunId, onRemove } = props;
  const [isTable, setIsTable] = useState(false);
  const runIds = useMemo(() => runs.map(({ runId }) => runId), [runs]);
  const { curves, origin, isPending, error } = useCurves({ runIds, metric, axis: state.axis });
  const { smoothing, strength, outliers, logX, logY, axis } = state;
  const lines = useMemo(
    () => linesOf(runs, curves, { smoothing, strength, baselineRunId, focusRunId }),
    [runs, curves, smoothing, strength, baselineRunId, focusRunId],
  );
  const yRange = useMemo(() => yRangeOf(lines, { outliers, isLogY: logY }), [lines, outliers, logY]);
  const formatX = useMemo(() => xFormat(axis, origin), [axis, origin]);
  const xRange = state.from === null || state.to === null ? null : ([state.from, state.to] as [number, number]);
  return (
    <Card
      title={<span className="font-mono text-xs">{metric}</span>}
      actions={
        <span className="flex gap-1">
          <Button
            size="icon"
            kind="quiet"
            aria-pressed={isTable}
            aria-label={`Show ${metric} as a ${isTable ? 'chart' : 'table'}`}
            onClick={() => setIsTable(!isTable)}
          >
            <Table2 />
          </Button>
          {onRemove && (
            <Button size="icon" kind="quiet" aria-label={`Remove the chart of ${metric}`} onClick={onRemove}>
              <X />
            </Button>
          )}
        </span>
      }
      data-metric={metric}
      aria-busy={isPending}
    >
      <ChartBody {...{ lines, isPending, error, isTable }}>
        <LineChart
          label={`${metric} by ${axis} of ${lines.length} curves`}
          lines={lines}
          isLogX={logX}
          isLogY={logY}
          xRange={xRange}
          yRange={yRange}
          formatX={formatX}
          formatY={formatTick}
          onZoom={(range) => change({ from: range?.[0] ?? null, to: range?.[1] ?? null })}
        />
      </ChartBody>
    </Card>
  );
}

function ChartBody(props: {
  lines: readonly Line[];
  isPending: boolean;
  error: { message: string } | null;
  isTable: boolean;
  children: React.ReactNode;
}) {
  const { lines, isPending, error, isTable, children } = props;
  if (error) return <p className="py-10 text-center text-bad text-xs">{error.message}</p>;
  if (lines.length === 0 && isPending) return <div className="h-[220px] animate-pulse rounded bg-sunken" />;
  if (lines.length === 0)
    return <p className="py-20 text-center text-ink-faint text-xs">None of the shown runs has logged this metric.</p>;
  return isTable ? <LineTable lines={lines} /> : children;
}

const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' });

function xFormat(axis: RunsState['axis'], origin: number): (value: number) => string {
  if (axis === 'step') return formatTick;
  if (axis === 'wall') return (value) => clock.format(new Date(origin + value * 1_000)).replace(/^.*?, /, '');
  return formatSeconds;
}
