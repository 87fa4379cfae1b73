'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/trpc/client';
import { ErrorState } from '@/ui/error-state';
import { Peek } from '@/ui/peek';
import { Skeleton } from '@/ui/skeleton';
import { StatusBadge } from '@/ui/status-badge';
import { CheckHistory } from './check-history';
import { type CollectionState, standingOf } from './collection-state';
import { CoverageBar } from './coverage-bar';
import { IndexSettings } from './index-settings';
import { MemoryTree } from './memory-tree';
import { RankingFacts } from './ranking-facts';

export interface CollectionPeekProps {
  collectionId: string | null;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

/** All about one collection: coverage, memory, quality of its index and how it was built. */
export function CollectionPeek({ collectionId, onClose, onPrevious, onNext }: CollectionPeekProps) {
  const { data, error, refetch } = useQuery(
    useTRPC().collection.getCollectionState.queryOptions(
      { collectionId: collectionId ?? '' },
      { enabled: collectionId !== null, refetchInterval: 10_000 },
    ),
  );
  if (collectionId === null) return null;
  return (
    <Peek
      title={data?.modelName ?? 'Collection'}
      hint={<span className="font-mono">{collectionId}</span>}
      {...{ onClose, onPrevious, onNext }}
    >
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-64 w-full" />}
      {data && <Sections state={data} />}
    </Peek>
  );
}

function Sections({ state }: { state: CollectionState }) {
  if (state.collection.status === 'retired')
    return (
      <p className="text-ink-soft">
        This collection is retired: its vectors are gone, and its model can be indexed again from Models.
      </p>
    );
  return (
    <div className="space-y-6">
      <StatusBadge status={standingOf(state)} />
      <CoverageBar state={state} />
      <CheckHistory state={state} />
      <MemoryTree state={state} />
      <IndexSettings state={state} />
      <RankingFacts state={state} />
    </div>
  );
}
