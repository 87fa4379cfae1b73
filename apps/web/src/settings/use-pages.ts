'use client';

import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback } from 'react';

export interface PagesOptions<Row, Cursor> {
  queryKey: QueryKey;
  limit: number;
  /** One page after the cursor; null: the first. */
  list: (after: Cursor | null) => Promise<Row[]>;
  cursorOf: (row: Row) => Cursor;
  /** The verb may answer with fewer rows than it was asked for: only an empty page is the end. */
  endsEmpty?: boolean;
  isEnabled?: boolean;
}

/** All rows read so far of a list that goes on after its last row. */
export function usePages<Row, Cursor>(options: PagesOptions<Row, Cursor>) {
  const { queryKey, limit, list, cursorOf, endsEmpty, isEnabled } = options;
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => list(pageParam as Cursor | null),
    initialPageParam: null as Cursor | null,
    enabled: isEnabled,
    getNextPageParam: (page: Row[]) => {
      const last = page.at(-1);
      return last === undefined || (!endsEmpty && page.length < limit) ? undefined : cursorOf(last);
    },
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage, data, error, isPending, refetch } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return { data: data?.pages.flat(), error, isPending, refetch, more, isLoadingMore: isFetchingNextPage };
}
