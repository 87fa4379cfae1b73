'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { errorText } from '@/ui/error-text';
import { FactList } from '@/ui/fact-list';
import { noValue } from '@/ui/format-number';
import { Peek } from '@/ui/peek';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import { Tooltip } from '@/ui/tooltip';
import { SyncHistory } from './sync-history';
import { SyncProgress } from './sync-progress';
import { isUnderWay, type Source, type SourceRow, useRefreshSources, useSync } from './use-sources';

export interface SourcePeekProps {
  row: SourceRow;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
  onEdit: () => void;
}

export function SourcePeek({ row, onEdit, ...peek }: SourcePeekProps) {
  const { source, lastSync } = row;
  const refusal = useRefusal('engineer');
  const [isDeleting, setDeleting] = useState(false);
  const sync = useSync();
  const isBusy = isUnderWay(lastSync) || sync.isPending;
  const start = (mode: 'incremental' | 'full') =>
    !isBusy && refusal === null && sync.mutate({ sourceId: source.id, mode });
  const actions = (
    <>
      <Tooltip content={refusal}>
        <Button kind="danger" aria-disabled={refusal !== null} onClick={() => refusal === null && setDeleting(true)}>
          Delete
        </Button>
      </Tooltip>
      <Tooltip content={refusal}>
        <Button aria-disabled={refusal !== null} onClick={() => refusal === null && onEdit()}>
          Edit
        </Button>
      </Tooltip>
      <Tooltip content={refusal ?? 'Reads everything once more. What has not changed is not embedded again.'}>
        <Button aria-disabled={isBusy || refusal !== null} onClick={() => start('full')}>
          Full sync
        </Button>
      </Tooltip>
      <Tooltip content={refusal ?? 'Reads on from where the last sync ended.'}>
        <Button kind="primary" isPending={isBusy} aria-disabled={refusal !== null} onClick={() => start('incremental')}>
          {isBusy ? 'Syncing …' : 'Sync now'}
        </Button>
      </Tooltip>
    </>
  );
  return (
    <Peek title={source.name} hint={<code>{source.id}</code>} actions={actions} {...peek}>
      <div className="space-y-6">
        {lastSync !== null && isUnderWay(lastSync) && <SyncProgress taskId={lastSync.id} />}
        <section>
          <h3 className="mb-2 font-semibold text-[13px]">Facts</h3>
          <FactList facts={factsOf(source)} />
        </section>
        <SyncHistory sourceId={source.id} />
      </div>
      <DeleteSource source={source} isOpen={isDeleting} onOpenChange={setDeleting} onDeleted={peek.onClose} />
    </Peek>
  );
}

function factsOf({
  loader,
  config,
  secrets,
  mapping,
  deletions,
  processing,
  createdAt,
}: Source): [string, React.ReactNode][] {
  const settings = Object.entries(config).map(([name, value]): [string, React.ReactNode] => [
    name,
    <code key={name} className="text-xs">
      {typeof value === 'string' ? value : JSON.stringify(value)}
    </code>,
  ]);
  const kept = secrets.map(({ field, kept, setting }): [string, React.ReactNode] => [
    field,
    <Badge key={field}>{kept === 'encrypted' ? 'set, encrypted' : `from the setting ${setting}`}</Badge>,
  ]);
  return [
    ['Kind', loader],
    ...settings,
    ...kept,
    ['Id from', mapping.id ?? 'the record’s own key'],
    ['Title from', mapping.title ?? noValue],
    ['Text from', mapping.text.join(', ') || noValue],
    ['Payload', mapping.payload === null ? 'every other field' : Object.keys(mapping.payload).join(', ') || 'nothing'],
    ['Text processors', processing.textProcessors.map(({ id }) => id).join(' → ') || noValue],
    ['Parts by', processing.splitter?.id ?? 'words'],
    ['Records that vanish', deletions === 'keep' ? 'their items stay' : 'their items are deleted by a full sync'],
    ['Added', <Time key="at" at={createdAt} />],
  ];
}

interface DeleteSourceProps {
  source: Source;
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
  onDeleted: () => void;
}

function DeleteSource({ source, isOpen, onOpenChange, onDeleted }: DeleteSourceProps) {
  const trpc = useTRPC();
  const refresh = useRefreshSources();
  const remove = useMutation(
    trpc.dataSource.deleteDataSource.mutationOptions({
      onSuccess: () => {
        toast.success(`${source.name} is deleted.`);
        onDeleted();
        refresh();
      },
      onError: (error) => toast.error(errorText(error)),
    }),
  );
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={`Delete ${source.name}?`}
      confirm="Delete the source"
      typed={source.name}
      isDestructive
      isPending={remove.isPending}
      onConfirm={() => remove.mutate({ sourceId: source.id })}
    >
      <p>
        Its settings and secrets are forgotten and a sync under way stops. The items that it brought stay and are still
        found. There is no undo: the source would have to be added again.
      </p>
    </ConfirmDialog>
  );
}
