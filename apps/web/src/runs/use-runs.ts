'use client';

import type { RunColumns, RunRow } from '@embedding-studio/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import type { RunsState } from './use-runs-state';

export interface RunsQuery {
  runs: RunRow[];
  total: number;
  isPending: boolean;
  isFetching: boolean;
  error: { message: string } | null;
  hasMore: boolean;
  loadMore(): void;
}

export function orderOf({ sort, up }: Pick<RunsState, 'sort' | 'up'>) {
  const descending = !up;
  if (sort.startsWith('metrics.')) return { by: 'metric' as const, key: sort.slice('metrics.'.length), descending };
  if (sort.startsWith('params.')) return { by: 'param' as const, key: sort.slice('params.'.length), descending };
  return { by: sort === 'name' ? ('name' as const) : ('started' as const), descending };
}

/** The runs that match, in their order, page by page or all; only the columns asked for travel. */
export function useRuns(
  experimentId: string | null,
  state: Pick<RunsState, 'q' | 'status' | 'sort' | 'up'>,
  options: { columns: string[]; isWhole: boolean },
): RunsQuery {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const input = {
    experimentId: experimentId ?? '',
    text: state.q || undefined,
    status: state.status ?? undefined,
    order: orderOf(state),
    columns: options.columns,
    limit: options.isWhole ? 500 : 100,
  };
  const query = useInfiniteQuery({
    queryKey: [...trpc.run.listRuns.queryKey(input), 'pages'],
    queryFn: ({ pageParam, signal }) => client.run.listRuns.query({ ...input, after: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: experimentId !== null,
    placeholderData: keepPreviousData,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (options.isWhole && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [options.isWhole, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const runs = useMemo(() => query.data?.pages.flatMap((page) => page.runs) ?? [], [query.data]);
  return {
    runs,
    total: query.data?.pages[0]?.total ?? 0,
    isPending: query.isPending,
    isFetching: query.isFetching,
    error: query.error,
    hasMore: hasNextPage,
    loadMore: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
  };
}

export function useRunColumns(experimentId: string | null): RunColumns | undefined {
  const trpc = useTRPC();
  const options = trpc.run.listRunColumns.queryOptions({ experimentId: experimentId ?? '' });
  return useQuery({ ...options, enabled: experimentId !== null, placeholderData: keepPreviousData }).data;
}

/** What most people look for first: the quality on held-out queries, else the first metric there is. */
export function mainMetricOf(columns: RunColumns | undefined): string | null {
  const keys = columns?.metrics.map(({ key }) => key) ?? [];
  const wanted = ['gate.ndcg10', 'validation.ndcg10', 'loss'];
  return wanted.find((key) => keys.includes(key)) ?? keys[0] ?? null;
}

/** Params that tell runs apart. */
export function varyingParams(columns: RunColumns | undefined): string[] {
  return columns?.params.filter(({ distinct }) => distinct > 1).map(({ key }) => key) ?? [];
}

const axesMax = 12;

/** Only what the view shows travels. */
export function neededColumns(
  columns: RunColumns | undefined,
  { view, shown, group }: { view: RunsState['view']; shown: readonly string[]; group: string | null },
): string[] {
  if (view === 'table') return [...shown];
  if (view === 'charts') return group === null ? [] : [`params.${group}`];
  if (view === 'diff') return [];
  const params = varyingParams(columns).slice(0, axesMax);
  const metrics = columns?.metrics.slice(0, axesMax).map(({ key }) => `metrics.${key}`) ?? [];
  return [...params.map((key) => `params.${key}`), ...metrics];
}
