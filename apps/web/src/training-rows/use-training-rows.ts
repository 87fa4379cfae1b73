'use client';

import type { TrainingLabel, TrainingReason } from '@embedding-studio/contracts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useCallback, useMemo } from 'react';
import { useDebounced } from '@/suggestions/use-debounced';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { labels, reasons } from './row-words';

const limit = 200;
const typingMs = 300;
const renewMs = 10_000;

/** The filters in the URL. Those of the gate's queries on the same page have names of their own. */
export function useRowFilter() {
  const [fields, setFields] = useQueryStates({
    label: parseAsStringLiteral(labels),
    why: parseAsStringLiteral(reasons),
    query: parseAsString.withDefault(''),
    item: parseAsString.withDefault(''),
    session: parseAsString.withDefault(''),
    used: parseAsBoolean.withDefault(false),
  });
  const isFiltered = Object.values(fields).some(Boolean);
  return { fields, setFields, isFiltered };
}

export type RowFields = ReturnType<typeof useRowFilter>['fields'];

function filterOf({ label, why, query, item, session, used }: RowFields) {
  return {
    label: label ?? (undefined as TrainingLabel | undefined),
    why: why ?? (undefined as TrainingReason | undefined),
    query: query || undefined,
    itemId: item || undefined,
    sessionId: session || undefined,
    isUsed: used || undefined,
  };
}

/** Rows read so far; asked for again while training goes on and has not frozen them yet. */
export function useTrainingRows(jobId: string, fields: RowFields, isWaiting: boolean) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const filter = useDebounced(
    useMemo(() => filterOf(fields), [fields]),
    typingMs,
  );
  const query = useInfiniteQuery({
    queryKey: [...trpc.fineTuning.listTrainingRows.queryKey({ jobId, filter }), 'pages'],
    queryFn: ({ pageParam, signal }) =>
      client.fineTuning.listTrainingRows.query({ jobId, filter, limit, after: pageParam }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (isWaiting && state.data?.pages[0]?.summary === null ? renewMs : false),
  });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const [first] = data?.pages ?? [];
  return { query, first, rows: data?.pages.flatMap((page) => page.rows) ?? [], more };
}
