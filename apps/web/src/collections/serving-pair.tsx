'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { ArrowLeftRight, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { EmptyState } from '@/ui/empty-state';
import { ErrorState } from '@/ui/error-state';
import { formatCount, formatShare } from '@/ui/format-number';
import { Skeleton } from '@/ui/skeleton';
import { StatusBadge } from '@/ui/status-badge';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import { type CollectionState, coverageOf, type Pair } from './collection-state';

/** Live and standby on one card: how far the second lags, and the way back. */
export function ServingPair() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(trpc.collection.getServingPair.queryOptions());
  useSubscription(
    trpc.collection.watchServingPair.subscriptionOptions(undefined, {
      onData: (pair) => client.setQueryData(trpc.collection.getServingPair.queryKey(), pair),
    }),
  );
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton className="h-36 w-full rounded-lg" />;
  if (data === null)
    return (
      <Card>
        <EmptyState title="Nothing serves yet">
          Register a base model and build its index: <code className="font-mono">./studio demo</code> does both with a
          catalogue of films, or start from Models.
        </EmptyState>
      </Card>
    );
  return (
    <Card
      title="What serves"
      hint={
        <>
          switched <Time at={data.pointer.switchedAt} />, version {formatCount(data.pointer.version)} of the live
          pointer
        </>
      }
      actions={<RollBack pair={data} />}
    >
      <div className="grid items-stretch gap-3 md:grid-cols-[1fr_auto_1fr]">
        <Side state={data.live} standing="live" />
        <ArrowLeftRight aria-hidden className="mx-auto size-4 self-center text-ink-faint max-md:rotate-90" />
        {data.standby ? (
          <Side state={data.standby} standing="standby" until={data.standbyUntil} />
        ) : (
          <p className="self-center rounded-md border border-dashed p-4 text-center text-ink-faint">
            Nothing stands by: the collection before was retired, or there was none.
          </p>
        )}
      </div>
    </Card>
  );
}

function Side({ state, standing, until }: { state: CollectionState; standing: string; until?: Date | null }) {
  const { counts, modelName, rollout, improvement } = state;
  return (
    <div className="min-w-0 rounded-md border p-3">
      <div className="flex items-center gap-2">
        <StatusBadge status={standing} />
        <p className="min-w-0 flex-1 truncate font-medium">{modelName}</p>
      </div>
      <dl className="mt-2 grid grid-cols-2 gap-x-4 gap-y-1 text-xs sm:grid-cols-3">
        <Fact label="Items" value={formatCount(counts.items)} />
        <Fact
          label="Lag"
          value={counts.stale === 0 ? 'none' : `${formatCount(counts.stale)} items`}
          tone={counts.stale > 0 ? 'text-warn' : ''}
          title="Items that have no vector of their current content here"
        />
        <Fact label="Current" value={formatShare(coverageOf(state))} />
        <Fact label="Rollout" value={rollout?.state ?? '–'} />
        <Fact label="Learns from clicks" value={improvement?.isOn ? `v${improvement.version}` : 'off'} />
        {until && (
          <div>
            <dt className="text-ink-faint">Kept</dt>
            <dd>
              <Time at={until} />
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}

function Fact({ label, value, tone, title }: { label: string; value: string; tone?: string; title?: string }) {
  return (
    <div title={title}>
      <dt className="text-ink-faint">{label}</dt>
      <dd className={`nums font-medium ${tone ?? ''}`}>{value}</dd>
    </div>
  );
}

function RollBack({ pair }: { pair: Pair }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const refusal = useRefusal('engineer');
  const [isOpen, setOpen] = useState(false);
  const { mutate, isPending } = useMutation(
    trpc.rollout.rollBack.mutationOptions({
      onSuccess: () => {
        setOpen(false);
        toast.success(`${pair.standby?.modelName} serves now. The same button goes back again.`);
        return queryClient.invalidateQueries();
      },
      onError: (error) => toast.error(`Nothing was switched: ${error.message}`),
    }),
  );
  const reason = pair.standby === null ? 'Nothing stands by.' : refusal;
  const word = pair.hasRolledBack ? 'Go forward again' : 'Roll back';
  return (
    <>
      <Button
        kind="danger"
        size="small"
        disabled={reason !== null}
        title={reason ?? undefined}
        onClick={() => setOpen(true)}
      >
        <Undo2 aria-hidden /> {word}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`${word} to ${pair.standby?.modelName ?? ''}?`}
        confirm={word}
        isDestructive
        isPending={isPending}
        onConfirm={() => mutate({ expectedCollectionId: pair.pointer.collectionId })}
      >
        <RollBackEffect pair={pair} />
      </ConfirmDialog>
    </>
  );
}

/** What users will notice, said before it happens. */
function RollBackEffect({ pair: { live, standby } }: { pair: Pair }) {
  if (standby === null) return null;
  return (
    <ul className="list-disc space-y-1.5 pl-4">
      <li>
        From the next search on, <strong>{standby.modelName}</strong> answers in place of{' '}
        <strong>{live.modelName}</strong>, with its own weights and plugins.
      </li>
      <li>
        {standby.counts.stale === 0
          ? 'It holds every item in its current content: nothing goes missing.'
          : `${formatCount(standby.counts.stale)} items are not in it in their current content: searches by meaning miss them until a reindex.`}
      </li>
      <li>
        {standby.improvement?.isOn
          ? `It applies what clicks have taught it (v${standby.improvement.version}).`
          : 'It has learned nothing from clicks since its training.'}
      </li>
      <li>It is one statement, and the same button undoes it while {live.modelName} stands by.</li>
    </ul>
  );
}
