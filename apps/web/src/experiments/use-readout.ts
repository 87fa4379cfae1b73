'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import type { Experiment } from './experiment-types';

const lookEveryMs = 15_000;

/** The newest read-out; looked for again while the experiment runs. */
export function useReadout({ id: experimentId, state, startedAt }: Experiment) {
  const trpc = useTRPC();
  return useQuery(
    trpc.experiment.getReadout.queryOptions(
      { experimentId },
      { enabled: startedAt !== null, refetchInterval: state === 'running' ? lookEveryMs : false },
    ),
  );
}

/** One that was taken before; it never changes. null: none is asked for. */
export function useOldReadout(experimentId: string, readoutId: string | null) {
  const trpc = useTRPC();
  return useQuery(
    trpc.experiment.getReadout.queryOptions(
      { experimentId, readoutId: readoutId ?? undefined },
      { enabled: readoutId !== null, staleTime: Number.POSITIVE_INFINITY, retry: false },
    ),
  );
}

/** How its interval came about; asked anew when there is another read-out. */
export function useReadoutSeries(experimentId: string, readoutId: string) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  return useQuery({
    queryKey: [...trpc.experiment.getReadoutSeries.queryKey({ experimentId }), readoutId],
    queryFn: ({ signal }) => client.experiment.getReadoutSeries.query({ experimentId }, { signal }),
  });
}

/** All read-outs, newest first; begun anew when there is another one. */
export function useReadouts(experimentId: string, readoutId: string) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  return useInfiniteQuery({
    queryKey: [...trpc.experiment.listReadouts.queryKey({ experimentId }), 'pages', readoutId],
    queryFn: ({ pageParam, signal }) =>
      client.experiment.listReadouts.query({ experimentId, after: pageParam, limit: 20 }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
}
