'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { parseAsString, useQueryState } from 'nuqs';
import { useCallback } from 'react';
import { Page } from '@/shell/page';
import { useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';
import { moves, useListKeys } from '@/ui/use-list-keys';
import { ModelPeek } from './model-peek';
import { ModelTable } from './model-table';

/** Models with where they come from, whether they are loaded, how fast they are and what uses them. */
export function ModelsPage() {
  const client = useTRPCClient();
  const [modelId, setModelId] = useQueryState('model', parseAsString);
  const query = useInfiniteQuery({
    queryKey: ['models'],
    queryFn: ({ pageParam }) => client.model.describeModels.query({ after: pageParam, limit: 50 }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: 20_000,
  });
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const serverFault = query.data?.pages[0]?.serverFault ?? null;
  const ids = rows.map(({ id }) => id);
  const select = useCallback((id: string) => void setModelId(id), [setModelId]);
  useListKeys(ids, modelId, select);
  return (
    <Page
      title="Models"
      hint="Every encoder: its family, its state in the model server, and the collections that need it."
    >
      {query.error && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {serverFault !== null && (
        <p role="status" className="mb-3 rounded-lg border border-warn/40 bg-warn-soft px-4 py-2 text-warn">
          The model server tells nothing now: {serverFault}
        </p>
      )}
      <Card isFlush>
        {query.isPending && <SkeletonRows />}
        {query.isSuccess && rows.length === 0 && <NoModels />}
        {rows.length > 0 && <ModelTable rows={rows} selected={modelId} onSelect={select} />}
        {query.hasNextPage && (
          <div className="border-t p-3 text-center">
            <Button isPending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Older models
            </Button>
          </div>
        )}
      </Card>
      {modelId !== null && (
        <ModelPeek
          key={modelId}
          modelId={modelId}
          onClose={() => void setModelId(null)}
          {...moves(ids, modelId, select)}
        />
      )}
    </Page>
  );
}

function NoModels() {
  return (
    <EmptyState title="No models yet">
      A model turns texts into vectors. Take in a base model and its first index with{' '}
      <code className="font-mono text-xs">./studio index</code>; fine-tuning then makes better ones from clicks.
    </EmptyState>
  );
}
