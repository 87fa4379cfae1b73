'use client';

import type { SessionFilterInput, SessionRow } from '@embedding-studio/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTRPC } from '@/trpc/client';
import { formatCount } from '@/ui/format-number';
import { toast } from '@/ui/toast';
import { mergeRows } from './merge-rows';
import { useLiveSessions } from './use-live-sessions';

const perPage = 100;

export interface SessionRows {
  rows: SessionRow[];
  isFirstLoad: boolean;
  isLoadingMore: boolean;
  hasMore: boolean;
  error: { message: string } | null;
  isConnected: boolean;
  loadMore(): void;
  retry(): void;
}

/** The filtered sessions as far as they were scrolled to, with what happens meanwhile where that is wanted. */
export function useSessionRows(filter: SessionFilterInput, isLive: boolean): SessionRows {
  const trpc = useTRPC();
  const query = useInfiniteQuery({
    ...trpc.session.listSessions.infiniteQueryOptions(
      { filter, limit: perPage },
      { getNextPageParam: ({ next }) => next ?? undefined },
    ),
    placeholderData: keepPreviousData,
  });
  const { refetch, fetchNextPage } = query;
  const live = useLiveSessions(filter, {
    isOn: isLive,
    onMissed: (count) => {
      toast.info(`${formatCount(count)} sessions came while the connection was lost; the list was read anew.`);
      void refetch();
    },
  });
  const rows = useMemo(
    () =>
      mergeRows(
        (query.data?.pages ?? []).flatMap((page) => page.rows),
        isLive ? live.rows : [],
      ),
    [query.data, live.rows, isLive],
  );
  return {
    ...{ rows, isFirstLoad: query.isPending, isLoadingMore: query.isFetchingNextPage, hasMore: query.hasNextPage },
    ...{ error: query.error, isConnected: live.isConnected },
    loadMore: () => void (query.hasNextPage && !query.isFetchingNextPage && fetchNextPage()),
    retry: () => void refetch(),
  };
}
