'use client';

import type { RunColumns } from '@embedding-studio/core';
import { useMemo, useState } from 'react';
import { CrosshairContext, createCrosshair } from '@/charts/crosshair';
import { Button } from '@/ui/button';
import { LabelledSelect } from '@/ui/labelled-select';
import { Skeleton } from '@/ui/skeleton';
import type { ChartRun } from './chart-lines';
import { ChartToolbar } from './chart-toolbar';
import { MetricChart } from './metric-chart';
import type { RunsQuery } from './use-runs';
import type { ChangeRunsState, RunsState } from './use-runs-state';

export interface ChartsViewProps {
  query: RunsQuery;
  columns: RunColumns | undefined;
  state: RunsState;
  change: ChangeRunsState;
  baselineRunId: string | null;
}

const firstCharts = ['loss', 'validation.ndcg10', 'learningRate', 'gradientNorm'];

/** Charts of the marked runs, or of the first ones in the order of the table. */
export function ChartsView({ query, columns, state, change, baselineRunId }: ChartsViewProps) {
  const [crosshair] = useState(createCrosshair);
  const { runs } = query;
  const { marked, first, group } = state;
  const known = columns?.metrics.map(({ key }) => key) ?? [];
  const metrics = state.metrics ?? defaultMetrics(known);
  const shown = useMemo(() => toChartRuns(runs, { marked, first, group }), [runs, marked, first, group]);
  const others = known.filter((key) => !metrics.includes(key));
  return (
    <CrosshairContext value={crosshair}>
      <ChartToolbar {...{ state, change, columns }} />
      {state.from !== null && (
        <Button size="small" kind="quiet" className="mb-2" onClick={() => change({ from: null, to: null })}>
          Zoomed in: show everything
        </Button>
      )}
      <div className="grid gap-3 lg:grid-cols-2" aria-busy={columns === undefined}>
        {columns === undefined && [0, 1, 2, 3].map((place) => <Skeleton key={place} className="h-[300px]" />)}
        {metrics.map((metric) => (
          <MetricChart
            key={metric}
            {...{ metric, runs: shown, state, change, baselineRunId }}
            focusRunId={state.run}
            onRemove={() => change({ metrics: metrics.filter((other) => other !== metric) })}
          />
        ))}
      </div>
      {others.length > 0 && (
        <div className="mt-3">
          <LabelledSelect
            label="Add a chart of"
            value=""
            choices={[{ value: '', label: 'choose a metric' }, ...others.map((key) => ({ value: key, label: key }))]}
            onChange={(metric) => metric && change({ metrics: [...metrics, metric] })}
          />
        </div>
      )}
    </CrosshairContext>
  );
}

function defaultMetrics(known: readonly string[]): string[] {
  const chosen = firstCharts.filter((key) => known.includes(key));
  return chosen.length > 0 ? chosen : known.slice(0, 4);
}

function toChartRuns(
  runs: RunsQuery['runs'],
  { marked, first, group }: Pick<RunsState, 'marked' | 'first' | 'group'>,
): ChartRun[] {
  const chosen = marked.length > 0 ? runs.filter(({ runId }) => marked.includes(runId)) : runs.slice(0, first);
  return chosen.map(({ runId, name, params }) => ({
    ...{ runId, name },
    group: group === null ? null : (params[group] ?? '–'),
  }));
}
