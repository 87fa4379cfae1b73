'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { errorText } from '@/ui/error-text';
import { QueryView } from '@/ui/query-view';
import { Select } from '@/ui/select';
import { toast } from '@/ui/toast';
import { Tooltip } from '@/ui/tooltip';
import { ChainList } from './chain-list';
import { type Chain, usePlugins } from './use-plugins';

const everywhere = ' all';

export interface ChainEditorProps {
  collectionId: string | null;
  onCollection: (id: string | null) => void;
}

/** Which plugins take part in a collection's searches, in which order and with which config. */
export function ChainEditor({ collectionId, onCollection }: ChainEditorProps) {
  const trpc = useTRPC();
  const collections = useQuery(trpc.collection.listCollections.queryOptions({ limit: 100 }));
  const chain = useQuery(
    trpc.plugin.getSearchPlugins.queryOptions(collectionId === null ? {} : { collectionId }, { retry: false }),
  );
  const options = (collections.data ?? [])
    .filter(({ collection }) => collection.status !== 'retired')
    .map(({ collection, modelName, isLive }) => ({
      value: collection.id,
      title: `${modelName}${isLive ? ' (live)' : ''}`,
    }));
  const choose = (
    <Select
      label="Collection"
      className="min-w-56 max-w-full"
      value={collectionId ?? everywhere}
      options={[{ value: everywhere, title: 'Every collection that may serve' }, ...options]}
      onChange={(next) => onCollection(next === everywhere ? null : next)}
    />
  );
  return (
    <Card
      title="Plugins of a search"
      hint="A query runs through the query processors, its hits through the rankers, each in this order. One that fails or is late is skipped."
      actions={choose}
    >
      {chain.error?.data?.httpStatus === 404 || collections.data?.length === 0 ? (
        <EmptyState title="Nothing serves yet">
          A chain belongs to a collection. Make a base model’s index live with <code>./studio index</code>, then come
          back.
        </EmptyState>
      ) : (
        <QueryView query={chain}>
          {(stored) => (
            <ChainForm key={JSON.stringify([collectionId, stored])} stored={stored} collectionId={collectionId} />
          )}
        </QueryView>
      )}
    </Card>
  );
}

function ChainForm({ stored, collectionId }: { stored: Chain; collectionId: string | null }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const refusal = useRefusal('engineer');
  const { collectionId: _of, ...before } = stored;
  const [chain, setChain] = useState(before);
  const plugins = usePlugins().data ?? [];
  const isChanged = JSON.stringify(chain) !== JSON.stringify(before);
  const save = useMutation(
    trpc.plugin.updateSearchPlugins.mutationOptions({
      onSuccess: () => {
        toast.success('Searches use the new chain from now on.');
        void queryClient.invalidateQueries(trpc.plugin.pathFilter());
      },
      onError: (error) => toast.error(errorText(error)),
    }),
  );
  return (
    <div className="space-y-6">
      <ChainList
        title="Query processors"
        hint="Rewrite or widen the query before it is searched."
        steps={chain.queryProcessors}
        plugins={plugins.filter(({ kind }) => kind === 'query-processor')}
        isDisabled={refusal !== null}
        onChange={(queryProcessors) => setChain({ ...chain, queryProcessors })}
      />
      <ChainList
        title="Rankers"
        hint="Reorder the first hundred hits."
        steps={chain.rankers}
        plugins={plugins.filter(({ kind }) => kind === 'ranker')}
        isDisabled={refusal !== null}
        onChange={(rankers) => setChain({ ...chain, rankers })}
      />
      <ChainList
        title="Vector adjuster"
        hint="Makes the overlay that clicks lay over the vectors, in place of the built-in rule. At most one."
        steps={chain.vectorAdjuster === undefined ? [] : [chain.vectorAdjuster]}
        stepsMax={1}
        plugins={plugins.filter(({ kind }) => kind === 'vector-adjuster')}
        isDisabled={refusal !== null}
        onChange={([vectorAdjuster]) => {
          const { vectorAdjuster: _before, ...rest } = chain;
          setChain(vectorAdjuster === undefined ? rest : { ...rest, vectorAdjuster });
        }}
      />
      <div className="flex flex-wrap items-center justify-end gap-2 border-t pt-4">
        <span className="mr-auto text-ink-faint text-xs">
          {collectionId === null
            ? 'Saved for every collection that may serve, so that a switch keeps it.'
            : 'Saved for this collection alone: a switch to another one leaves it behind.'}
        </span>
        <Button disabled={!isChanged} onClick={() => setChain(before)}>
          Undo the changes
        </Button>
        <Tooltip content={refusal}>
          <Button
            kind="primary"
            isPending={save.isPending}
            aria-disabled={!isChanged || refusal !== null}
            onClick={() =>
              isChanged && refusal === null && save.mutate({ ...chain, ...(collectionId && { collectionId }) })
            }
          >
            Save the chain
          </Button>
        </Tooltip>
      </div>
    </div>
  );
}
