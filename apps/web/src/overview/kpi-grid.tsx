'use client';

import { type MetricId, metrics } from '@embedding-studio/contracts';
import type { MetricsAnswer } from '@embedding-studio/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { sessionsHref } from '@/sessions/sessions-href';
import { useTRPC } from '@/trpc/client';
import { QueryView } from '@/ui/query-view';
import { Skeleton } from '@/ui/skeleton';
import { StatTile } from '@/ui/stat-tile';
import { Time } from '@/ui/time';
import { describeChange, formatMetric } from './format-metric';
import { usePeriod } from './period-switch';
import { RecountButton } from './recount-button';

const grid = 'grid grid-cols-2 gap-2 md:grid-cols-3 xl:grid-cols-4';
const renewMs = 30_000;

/** The rest is on the page of analytics. */
const keyIds = new Set<MetricId>([
  ...(['searches', 'users', 'ctr@1', 'ctr@10', 'satisfied-ctr', 'mrr', 'click-position', 'zero-result-rate'] as const),
  ...(['no-click-rate', 'abandonment', 'conversion', 'latency-p95'] as const),
]);
const keyMetrics = metrics.filter(({ id }) => keyIds.has(id));

const waiting = (
  <div className={grid}>
    {keyMetrics.map(({ id }) => (
      <Skeleton key={id} className="h-[76px] rounded-lg" />
    ))}
  </div>
);

export function KpiGrid() {
  const [period] = usePeriod();
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.analytics.getMetrics.queryOptions({ period }),
    ...{ refetchInterval: renewMs, placeholderData: keepPreviousData },
  });
  return (
    <QueryView query={query} skeleton={waiting}>
      {(answer) => <Figures answer={answer} />}
    </QueryView>
  );
}

function Figures({ answer }: { answer: MetricsAnswer }) {
  const { from, to, asOf } = answer;
  const figures = new Map(answer.figures.map((figure) => [figure.id, figure]));
  return (
    <>
      <div className={grid}>
        {keyMetrics.map((metric) => {
          const figure = figures.get(metric.id);
          if (figure === undefined) return null;
          return (
            <div key={metric.id} data-metric={metric.id} title={metric.description} className="min-w-0">
              <StatTile
                label={metric.title}
                value={formatMetric(figure.value, metric.unit)}
                change={describeChange(figure, metric)}
                trend={figure.value === null ? undefined : figure.points}
                href={sessionsHref({ flags: metric.behind, from, to })}
              />
            </div>
          );
        })}
      </div>
      <div className="mt-1 flex flex-wrap items-center justify-between gap-x-4 text-2xs text-ink-faint">
        <p>
          Change against the period before. Days end at midnight UTC.{' '}
          {asOf === null ? (
            'Being counted …'
          ) : (
            <>
              Counted <Time at={asOf} />.
            </>
          )}
        </p>
        <RecountButton />
      </div>
    </>
  );
}
