'use client';

import type { FineTuningDetail, FineTuningEvent } from '@embedding-studio/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useCallback, useState } from 'react';
import { useTRPC } from '@/trpc/client';

export interface LiveSeries {
  steps: number[];
  values: number[];
}

export interface LiveJob {
  series: ReadonlyMap<string, LiveSeries>;
  lines: FineTuningEvent['lines'];
}

const linesMax = 1_000;

/** A job's facts, renewed when its state moves, with its curves and log as they come. */
export function useJobStream(jobId: string) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const options = trpc.fineTuning.getFineTuning.queryOptions({ jobId });
  const detail = useQuery(options);
  const [live, setLive] = useState<LiveJob>({ series: new Map(), lines: [] });
  const onData = useCallback(
    ({ data }: { data: FineTuningEvent }) => {
      setLive((before) => ({
        series: addSeries(before.series, data.series),
        lines: addLines(before.lines, data.lines),
      }));
      const known = cache.getQueryData<FineTuningDetail>(options.queryKey);
      if (known === undefined) return;
      cache.setQueryData(options.queryKey, { ...known, ...data.job });
      const hasMoved = known.rolloutState !== data.job.rolloutState || known.status !== data.job.status;
      if (hasMoved || known.runId !== data.job.runId) void cache.invalidateQueries({ queryKey: options.queryKey });
    },
    [cache, options.queryKey],
  );
  const subscription = useSubscription(trpc.fineTuning.watchFineTuning.subscriptionOptions({ jobId }, { onData }));
  return { detail, live, connection: subscription.status, reconnect: subscription.reset };
}

function addSeries(
  before: ReadonlyMap<string, LiveSeries>,
  news: FineTuningEvent['series'],
): ReadonlyMap<string, LiveSeries> {
  if (news.length === 0) return before;
  const next = new Map(before);
  for (const { key, steps, values } of news) {
    const known = next.get(key) ?? { steps: [], values: [] };
    const last = known.steps.at(-1) ?? Number.NEGATIVE_INFINITY;
    const first = steps.findIndex((step) => step > last);
    if (first < 0) continue;
    next.set(key, {
      steps: [...known.steps, ...steps.slice(first)],
      values: [...known.values, ...values.slice(first)],
    });
  }
  return next;
}

function addLines(before: FineTuningEvent['lines'], news: FineTuningEvent['lines']): FineTuningEvent['lines'] {
  const last = before.at(-1)?.number ?? 0;
  const added = news.filter(({ number }) => number > last);
  return added.length === 0 ? before : [...before, ...added].slice(-linesMax);
}
