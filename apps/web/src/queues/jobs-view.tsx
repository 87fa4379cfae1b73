'use client';

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { parseAsString, useQueryState } from 'nuqs';
import { useCallback, useEffect, useState } from 'react';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';
import { moves, useListKeys } from '@/ui/use-list-keys';
import { BulkActions } from './bulk-actions';
import { JobFilters } from './job-filters';
import { JobPeek } from './job-peek';
import { JobTable } from './job-table';
import type { JobFilter } from './queue-types';
import { useJobFilter } from './use-job-filter';

/** Holds a value back until it has rested: typing asks once. */
function useRested<T>(value: T, ms: number): T {
  const key = JSON.stringify(value);
  const [rested, setRested] = useState({ key, value });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the value.
  useEffect(() => {
    const timer = setTimeout(() => setRested({ key, value }), ms);
    return () => clearTimeout(timer);
  }, [key, ms]);
  return rested.value;
}

function useJobs(filter: JobFilter) {
  const client = useTRPCClient();
  return useInfiniteQuery({
    queryKey: ['jobs', filter],
    queryFn: ({ pageParam, signal }) =>
      client.task.searchTasks.query({ filter, after: pageParam, limit: 100 }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
    maxPages: 50,
  });
}

/** All jobs there were, by any filter, each with everything about it beside the list. */
export function JobsView() {
  const trpc = useTRPC();
  const filters = useJobFilter();
  const filter = useRested(filters.filter, 200);
  const [jobId, setJobId] = useQueryState('job', parseAsString);
  const query = useJobs(filter);
  const counts = useQuery(
    trpc.task.countTasks.queryOptions({ filter }, { placeholderData: keepPreviousData, refetchInterval: 15_000 }),
  );
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const ids = rows.map(({ id }) => id);
  const select = useCallback((id: string) => void setJobId(id), [setJobId]);
  useListKeys(ids, jobId, select);
  return (
    <div className="grid gap-3">
      <JobFilters filters={filters} counts={counts.data ?? null} />
      {query.error && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      <Card
        isFlush
        title="Jobs"
        hint="Newest first. j and k move, Esc closes."
        actions={<BulkActions filter={filter} />}
      >
        {query.isPending && <SkeletonRows rows={10} />}
        {query.isSuccess && rows.length === 0 && <NoJobs isFiltered={filters.isFiltered} onClear={filters.clear} />}
        {rows.length > 0 && (
          <JobTable
            rows={rows}
            selected={jobId}
            onSelect={select}
            onEnd={() => query.hasNextPage && !query.isFetchingNextPage && void query.fetchNextPage()}
            isLoadingMore={query.isFetchingNextPage}
          />
        )}
      </Card>
      {jobId !== null && (
        <JobPeek
          key={jobId}
          jobId={jobId}
          onClose={() => void setJobId(null)}
          {...moves(ids, jobId, select)}
          onOpen={select}
        />
      )}
    </div>
  );
}

function NoJobs({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isFiltered)
    return (
      <EmptyState title="No job is like that" action={<Button onClick={onClear}>Clear the filter</Button>}>
        An id is found by its beginning, an error by any of its words.
      </EmptyState>
    );
  return (
    <EmptyState title="No jobs yet">
      Taking in items, fine-tuning, reindexing: all that takes longer than a request becomes a job and is listed here.
    </EmptyState>
  );
}
