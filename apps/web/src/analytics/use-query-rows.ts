'use client';

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { usePeriod } from '@/overview/period-switch';
import { useTRPC } from '@/trpc/client';
import type { AnalyticsState } from './use-analytics';

const perPage = 100;

/** The queries of the list as far as they were scrolled to. */
export function useQueryRows({ list, words }: Pick<AnalyticsState, 'list' | 'words'>) {
  const [period] = usePeriod();
  const trpc = useTRPC();
  const contains = words === '' ? null : words;
  const query = useInfiniteQuery({
    ...trpc.analytics.listQueries.infiniteQueryOptions(
      { period, order: list, contains, limit: perPage },
      { getNextPageParam: ({ next }) => next ?? undefined },
    ),
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => (query.data?.pages ?? []).flatMap((page) => page.rows), [query.data]);
  const { isFetchingNextPage, hasNextPage, fetchNextPage } = query;
  const [first] = query.data?.pages ?? [];
  return {
    ...{ rows, total: first?.total ?? null, period: first === undefined ? null : { from: first.from, to: first.to } },
    ...{ isPending: query.isPending, error: query.error, isLoadingMore: isFetchingNextPage },
    loadMore: () => void (hasNextPage && !isFetchingNextPage && fetchNextPage()),
    retry: () => void query.refetch(),
  };
}

export type QueryRows = ReturnType<typeof useQueryRows>;
