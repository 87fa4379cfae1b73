'use client';

import type { TrialView } from '@embedding-studio/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Line, lookOf } from '@/charts/line';
import { LineChart } from '@/charts/line-chart';
import { useTRPC } from '@/trpc/client';

const metric = 'validation.ndcg10';
const runsMax = 40;

/** How validation went in each training; what stopped early ends early. */
export function SearchCurves({ trials, isRunning }: { trials: readonly TrialView[]; isRunning: boolean }) {
  const trpc = useTRPC();
  const shown = useMemo(() => trials.slice(-runsMax), [trials]);
  const runIds = shown.map(({ runId }) => runId);
  const { data } = useQuery({
    ...trpc.run.getCurves.queryOptions({ runIds, metric, axis: 'relative' }),
    enabled: runIds.length > 0,
    refetchInterval: isRunning ? 10_000 : false,
  });
  const lines = useMemo(
    () =>
      (data?.curves ?? []).map((curve): Line => {
        const trial = shown.find(({ runId }) => runId === curve.runId);
        return {
          id: curve.runId,
          label: `Trial ${(trial?.trial ?? 0) + 1}.${(trial?.rung ?? 0) + 1}`,
          ...lookOf(trial?.trial ?? 0),
          emphasis: trial?.isBest ? 'strong' : 'normal',
          ...{ x: curve.x, y: curve.y },
        };
      }),
    [data, shown],
  );
  if (lines.length === 0) return null;
  return (
    <figure>
      <figcaption className="mb-1 text-ink-soft text-xs">
        nDCG@10 on queries kept from the trials, by seconds; the best trial is drawn thick
      </figcaption>
      <LineChart label="Validation of each trial by seconds" lines={lines} height={180} />
    </figure>
  );
}
