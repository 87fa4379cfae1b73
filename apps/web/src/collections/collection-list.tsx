'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { ErrorState } from '@/ui/error-state';
import { Skeleton } from '@/ui/skeleton';
import { CollectionCard } from './collection-card';
import { CollectionPeek } from './collection-peek';

const page = 20;

export interface CollectionListProps {
  /** Id of the one in the peek. */
  open: string | null;
  onOpen: (collectionId: string | null) => void;
}

export function CollectionList({ open, onOpen }: CollectionListProps) {
  const client = useTRPCClient();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: [...useTRPC().collection.listCollectionStates.pathKey(), 'pages'],
    queryFn: ({ pageParam: after, signal }) =>
      client.collection.listCollectionStates.query({ after, limit: page }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.length < page ? undefined : (last.at(-1)?.collection.id ?? undefined)),
    refetchInterval: 10_000,
  });
  const states = data?.pages.flat() ?? [];
  const place = states.findIndex(({ collection }) => collection.id === open);
  const openNext = (by: 1 | -1) => {
    const next = place === -1 ? undefined : states[place + by]?.collection.id;
    return next === undefined ? undefined : () => onOpen(next);
  };
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <section aria-label="All collections" aria-busy={isPending || undefined} className="space-y-3">
      <h2 className="font-semibold text-[13px]">All collections</h2>
      <div className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
        {isPending && [1, 2, 3].map((key) => <Skeleton key={key} className="h-48 rounded-lg" />)}
        {states.map((state) => (
          <CollectionCard
            key={state.collection.id}
            state={state}
            isOpen={open === state.collection.id}
            onOpen={() => onOpen(state.collection.id)}
          />
        ))}
      </div>
      {hasNextPage && (
        <Button size="small" kind="quiet" isPending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Older collections
        </Button>
      )}
      <CollectionPeek
        key={open}
        collectionId={open}
        onClose={() => onOpen(null)}
        onPrevious={openNext(-1)}
        onNext={openNext(1)}
      />
    </section>
  );
}
