'use client';

import { RolloutState } from '@embedding-studio/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { Page } from '@/shell/page';
import { useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { SavedViews } from '@/ui/saved-views';
import { Select } from '@/ui/select';
import { SkeletonRows } from '@/ui/skeleton';
import { RolloutTable } from './rollout-table';

const groups = {
  all: undefined,
  moving: ['requested', 'trained', 'gated', 'deployed', 'indexing', 'verified'],
} as const;
const values = ['all', 'moving', ...RolloutState.options] as const;
const choices: { value: (typeof values)[number]; title: string }[] = [
  { value: 'all', title: 'All states' },
  { value: 'moving', title: 'Under way' },
  ...RolloutState.options.map((state) => ({ value: state, title: state })),
];

/** All rollouts, newest first: from a trained model to live, and back. */
export function DeploymentsPage() {
  const client = useTRPCClient();
  const [{ state, model }, setFilter] = useQueryStates({
    state: parseAsStringLiteral(values).withDefault('all'),
    model: parseAsString,
  });
  const states = state === 'all' || state === 'moving' ? groups[state] : [state];
  const query = useInfiniteQuery({
    queryKey: ['rollouts', state, model],
    queryFn: ({ pageParam }) =>
      client.rollout.findRollouts.query({
        ...{ after: pageParam, limit: 50, ...(states && { states: [...states] }), ...(model && { modelId: model }) },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: 10_000,
  });
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <Page
      title="Deployments"
      hint="Each rollout carries a model from its training through the gate into a verified collection, and back if need be."
      actions={
        <>
          <SavedViews page="deployments" />
          {model !== null && (
            <Button size="small" onClick={() => void setFilter({ model: null })}>
              Model {model.slice(0, 12)}… ✕
            </Button>
          )}
          <Select
            label="State"
            value={state}
            options={choices}
            onChange={(value) => void setFilter({ state: value })}
          />
        </>
      }
    >
      {query.error && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      <Card isFlush>
        {query.isPending && <SkeletonRows />}
        {query.isSuccess && rows.length === 0 && <NoRollouts isFiltered={state !== 'all' || model !== null} />}
        {rows.length > 0 && <RolloutTable rows={rows} />}
        {query.hasNextPage && (
          <div className="border-t p-3 text-center">
            <Button isPending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Older rollouts
            </Button>
          </div>
        )}
      </Card>
    </Page>
  );
}

function NoRollouts({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered)
    return <EmptyState title="No rollout is like that">Choose another state to see the others.</EmptyState>;
  return (
    <EmptyState title="No rollouts yet">
      A rollout begins when you fine-tune a model, or when you deploy one from the page Models: its plan tells the cost
      before anything starts.
    </EmptyState>
  );
}
