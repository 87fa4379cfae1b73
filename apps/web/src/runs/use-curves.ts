'use client';

import type { RunAxis } from '@embedding-studio/stats/series';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTRPC } from '@/trpc/client';

export interface RunCurve {
  x: number[];
  y: number[];
}

/** What fits into an address and draws well. */
const runsPerRequest = 40;

export interface CurvesQuery {
  /** By run. */
  curves: Map<string, RunCurve>;
  /** Milliseconds since 1970 at x = 0 of the wall axis. */
  origin: number;
  isPending: boolean;
  error: { message: string } | null;
}

/** One metric of all these runs, in answers small enough to come side by side. */
export function useCurves(options: { runIds: readonly string[]; metric: string; axis: RunAxis }): CurvesQuery {
  const { runIds, metric, axis } = options;
  const trpc = useTRPC();
  const groups = useMemo(
    () =>
      Array.from({ length: Math.ceil(runIds.length / runsPerRequest) }, (_, at) =>
        runIds.slice(at * runsPerRequest, (at + 1) * runsPerRequest),
      ),
    [runIds],
  );
  return useQueries({
    queries: groups.map((group) => ({
      ...trpc.run.getCurves.queryOptions({ runIds: [...group], metric, axis }),
      placeholderData: keepPreviousData,
      staleTime: 30_000,
    })),
    combine: joinAnswers,
  });
}

type Answer = {
  data?: { origin: number; curves: ({ runId: string } & RunCurve)[] };
  isPending: boolean;
  error: unknown;
};

/** Answers have origins of their own on the wall axis; the earliest one serves all. */
function joinAnswers(answers: Answer[]): CurvesQuery {
  const arrived = answers.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const origin = Math.min(...arrived.map((data) => data.origin));
  const curves = new Map<string, RunCurve>();
  for (const data of arrived) {
    const offset = (data.origin - origin) / 1_000;
    for (const { runId, x, y } of data.curves)
      curves.set(runId, { x: offset === 0 ? x : x.map((place) => place + offset), y });
  }
  return {
    curves,
    origin: Number.isFinite(origin) ? origin : 0,
    isPending: arrived.length < answers.length,
    error: (answers.find(({ error }) => error)?.error ?? null) as { message: string } | null,
  };
}
