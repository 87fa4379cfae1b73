'use client';

import { metrics } from '@embedding-studio/contracts';
import type { MetricFigure } from '@embedding-studio/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { describeChange, formatMetric } from '@/overview/format-metric';
import { usePeriod } from '@/overview/period-switch';
import { useTRPC } from '@/trpc/client';
import { classNames } from '@/ui/class-names';
import { SelectField } from '@/ui/select-field';
import { type AnalyticsState, type ChangeAnalytics, metricOf } from './use-analytics';

const renewMs = 60_000;

/** Every figure of the period; the chosen one is drawn. On narrow screens a select. */
export function MetricPicker({ state, change }: { state: AnalyticsState; change: ChangeAnalytics }) {
  const [period] = usePeriod();
  const trpc = useTRPC();
  const { data } = useQuery({
    ...trpc.analytics.getMetrics.queryOptions({ period }),
    ...{ refetchInterval: renewMs, placeholderData: keepPreviousData },
  });
  const figures = new Map(data?.figures.map((figure) => [figure.id, figure]));
  return (
    <>
      <SelectField
        label="Figure"
        className="lg:hidden"
        value={state.metric}
        options={metrics.map(({ id, title }) => ({ value: id, title }))}
        onChange={(id) => change({ metric: metricOf(id as AnalyticsState['metric']).id as AnalyticsState['metric'] })}
      />
      <ul aria-label="Figures" className="hidden overflow-hidden rounded-lg border bg-surface py-1 lg:block">
        {metrics.map(({ id }) => (
          <li key={id}>
            <PickerLine
              figure={figures.get(id)}
              id={id}
              isChosen={id === state.metric}
              onChoose={() => change({ metric: id })}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

interface PickerLineProps {
  id: AnalyticsState['metric'];
  figure: MetricFigure | undefined;
  isChosen: boolean;
  onChoose(): void;
}

function PickerLine({ id, figure, isChosen, onChoose }: PickerLineProps) {
  const metric = metricOf(id);
  const change = figure && describeChange(figure, metric);
  const tone = change?.isGood === true ? 'text-good' : change?.isGood === false ? 'text-bad' : 'text-ink-faint';
  return (
    <button
      type="button"
      data-figure={id}
      aria-pressed={isChosen}
      title={metric.description}
      onClick={onChoose}
      className={classNames(
        'grid w-full grid-cols-[minmax(0,1fr)_auto_4.5rem] items-baseline gap-2 px-3 py-1.5 text-left hover:bg-hover',
        isChosen && 'bg-selected font-medium hover:bg-selected',
      )}
    >
      <span className="truncate text-xs">{metric.title}</span>
      <span className="nums text-xs">{figure === undefined ? '' : formatMetric(figure.value, metric.unit)}</span>
      <span className={classNames('nums text-right font-normal text-2xs', tone)}>{change?.text ?? ''}</span>
    </button>
  );
}
