'use client';

import { ExperimentState } from '@embedding-studio/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Plus, Split } from 'lucide-react';
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useCallback } from 'react';
import { RefusableButton } from '@/settings/refusable-button';
import { Page } from '@/shell/page';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { SavedViews } from '@/ui/saved-views';
import { Select } from '@/ui/select';
import { SkeletonRows } from '@/ui/skeleton';
import { ExperimentTable } from './experiment-table';
import { stateWords } from './experiment-words';
import { ExplorationCard } from './exploration-card';
import { NewExperiment } from './new-experiment';
import { PolicyCard } from './policy-card';

const values = ['all', ...ExperimentState.options] as const;
const choices = values.map((value) => ({
  ...{ value, title: value === 'all' ? 'All states' : stateWords[value].title },
}));

/** All experiments, newest first, and the form that sets one up. */
export function ExperimentsPage() {
  const refusal = useRefusal('engineer');
  const [{ state, create, clone }, change] = useQueryStates({
    state: parseAsStringLiteral(values).withDefault('all'),
    create: parseAsBoolean.withDefault(false),
    clone: parseAsString,
  });
  if (create) return <NewExperiment cloneOf={clone} onClose={() => void change({ create: null, clone: null })} />;
  return (
    <Page
      title="A/B & interleaving"
      hint="Find out on live traffic which search people are served better by, and let the better one take over."
      actions={
        <>
          <SavedViews page="experiments" ignored={['create', 'clone']} />
          <Select label="State" value={state} options={choices} onChange={(value) => void change({ state: value })} />
          <RefusableButton kind="primary" refusal={refusal} onClick={() => void change({ create: true })}>
            <Plus /> New experiment
          </RefusableButton>
        </>
      }
    >
      <ExperimentList state={state} />
      <ExplorationCard />
      <PolicyCard />
    </Page>
  );
}

function ExperimentList({ state }: { state: (typeof values)[number] }) {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const query = useInfiniteQuery({
    queryKey: [...trpc.experiment.findExperiments.queryKey(), 'pages', state],
    queryFn: ({ pageParam, signal }) =>
      client.experiment.findExperiments.query(
        { after: pageParam, limit: 50, ...(state !== 'all' && { states: [state] }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: 15_000,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  if (query.error && rows.length === 0) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Card isFlush>
      {query.isPending && (
        <div aria-busy="true">
          <SkeletonRows />
        </div>
      )}
      {query.isSuccess && rows.length === 0 && <NoExperiments isFiltered={state !== 'all'} />}
      {rows.length > 0 && <ExperimentTable rows={rows} onEndReached={more} isLoadingMore={isFetchingNextPage} />}
    </Card>
  );
}

function NoExperiments({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered)
    return <EmptyState title="No experiment is like that">Choose another state to see the others.</EmptyState>;
  return (
    <EmptyState icon={Split} title="No experiments yet">
      An experiment shows a part of your users another model or ranking and measures on their clicks whether it serves
      them better. Interleaving answers fastest, an A/B test says by how much, a canary brings something new live step
      by step, a shadow compares without anybody seeing it. Searches take part as soon as they carry a{' '}
      <code className="font-mono text-xs">userId</code>. Begin with <b>New experiment</b>.
    </EmptyState>
  );
}
