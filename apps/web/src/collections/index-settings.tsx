'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { formatCount } from '@/ui/format-number';
import { TextField } from '@/ui/text-field';
import type { CollectionState } from './collection-state';

/** The index's parameters: the beam changes at once, links and build width with a rebuild. */
export function IndexSettings({ state }: { state: CollectionState }) {
  return (
    <section className="space-y-4">
      <h3 className="font-semibold">Index (HNSW, cosine)</h3>
      <SearchBeam state={state} />
      <Rebuild state={state} />
    </section>
  );
}

function useCollectionChange() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return { trpc, refresh: () => queryClient.invalidateQueries(trpc.collection.pathFilter()) };
}

function SearchBeam({ state: { collection } }: { state: CollectionState }) {
  const { trpc, refresh } = useCollectionChange();
  const refusal = useRefusal('engineer');
  const { id: collectionId, ranking } = collection;
  const [width, setWidth] = useState(String(ranking.efSearch));
  const { mutate, isPending } = useMutation(
    trpc.collection.updateSearchBeam.mutationOptions({
      onSuccess: (_, { efSearch }) => {
        const undo = () => mutate({ collectionId, efSearch: ranking.efSearch });
        toast.success(`Searches use a beam of ${efSearch} from now on`, { action: { label: 'Undo', onClick: undo } });
        return refresh();
      },
      onError: (error) => toast.error(`The beam stays ${ranking.efSearch}: ${error.message}`),
    }),
  );
  const save = (event: FormEvent) => {
    event.preventDefault();
    mutate({ collectionId, efSearch: Number(width) });
  };
  const isValid = Number.isInteger(Number(width)) && Number(width) >= 10 && Number(width) <= 1_000;
  return (
    <form onSubmit={save} className="flex items-end gap-2">
      <TextField
        label="Search beam (ef_search)"
        type="number"
        min={10}
        max={1_000}
        className="w-44"
        value={width}
        onChange={(event) => setWidth(event.target.value)}
      />
      <Button
        type="submit"
        disabled={refusal !== null || !isValid || Number(width) === ranking.efSearch}
        title={refusal ?? undefined}
        isPending={isPending}
      >
        Use
      </Button>
    </form>
  );
}

function Rebuild({ state: { collection, storage, counts } }: { state: CollectionState }) {
  const { trpc, refresh } = useCollectionChange();
  const refusal = useRefusal('engineer');
  const [isOpen, setOpen] = useState(false);
  const [m, setM] = useState(String(storage?.index?.m ?? 16));
  const [efConstruction, setWidth] = useState(String(storage?.index?.efConstruction ?? 128));
  const { mutate, isPending } = useMutation(
    trpc.collection.rebuildIndex.mutationOptions({
      onSuccess: () => {
        setOpen(false);
        toast.success('The new index answers. Check its quality to see what it gained.');
        return refresh();
      },
      onError: (error) => toast.error(`The old index stays: ${error.message}`),
    }),
  );
  const settings = { m: Number(m), efConstruction: Number(efConstruction) };
  const isValid = settings.m >= 4 && settings.m <= 64 && settings.efConstruction >= Math.max(32, 2 * settings.m);
  return (
    <div className="flex flex-wrap items-end gap-2">
      <TextField
        label="Links (m)"
        type="number"
        min={4}
        max={64}
        className="w-24"
        value={m}
        onChange={(event) => setM(event.target.value)}
      />
      <TextField
        label="Build width (ef_construction)"
        type="number"
        min={32}
        max={512}
        className="w-44"
        value={efConstruction}
        onChange={(event) => setWidth(event.target.value)}
      />
      <Button disabled={refusal !== null || !isValid} title={refusal ?? undefined} onClick={() => setOpen(true)}>
        Rebuild index
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="Rebuild the index?"
        confirm="Rebuild"
        isPending={isPending}
        onConfirm={() => mutate({ collectionId: collection.id, ...settings })}
      >
        <p>
          {formatCount(counts.parts)} vectors are linked anew with m = {m} and ef_construction = {efConstruction}.
          Searches and writes go on with the old index until the new one is whole; it takes the room of a second index
          while it is built.
        </p>
      </ConfirmDialog>
    </div>
  );
}
