'use client';

import type { AppRouter } from '@embedding-studio/api';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { useMemo } from 'react';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { errorText } from '@/ui/error-text';
import { toast } from '@/ui/toast';

type Outputs = inferRouterOutputs<AppRouter>['dataSource'];
export type SourceRow = Outputs['listSourcesWithSync'][number];
export type Source = SourceRow['source'];
export type Sync = NonNullable<SourceRow['lastSync']>;
export type Preview = Outputs['previewDataSource'];
export type TestResult = Outputs['testDataSource'];

const limit = 100;

/** All sources, page after page, each with its latest sync. */
export function useSources() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const query = useInfiniteQuery({
    queryKey: [...trpc.dataSource.pathKey(), 'sources'],
    queryFn: ({ pageParam, signal }) =>
      client.dataSource.listSourcesWithSync.query({ limit, after: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.length < limit ? undefined : page.at(-1)?.source.id),
  });
  const rows = useMemo(() => query.data?.pages.flat() ?? [], [query.data]);
  return { query, rows };
}

/** Everything that shows sources is read anew. */
export function useRefreshSources() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => void queryClient.invalidateQueries(trpc.dataSource.pathFilter());
}

export function useSync() {
  const trpc = useTRPC();
  const refresh = useRefreshSources();
  return useMutation(
    trpc.dataSource.requestSync.mutationOptions({
      onSuccess: () => toast.success('The sync is under way.'),
      onError: (error) => toast.error(errorText(error)),
      onSettled: refresh,
    }),
  );
}

export const isUnderWay = (sync: Pick<Sync, 'status'> | null) =>
  sync?.status === 'pending' || sync?.status === 'processing';
