'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { formatCount } from '@/ui/format-number';
import { TextField } from '@/ui/text-field';
import { toast } from '@/ui/toast';
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

interface NumberFieldProps {
  label: string;
  range: [number, number];
  className?: string;
  value: string;
  onChange: (value: string) => void;
}

function NumberField({ label, range: [min, max], className = 'w-44', value, onChange }: NumberFieldProps) {
  return (
    <TextField
      {...{ label, min, max, className, value }}
      type="number"
      onChange={(event) => onChange(event.target.value)}
    />
  );
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
      <NumberField label="Search beam (ef_search)" range={[10, 1_000]} value={width} onChange={setWidth} />
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
      <NumberField label="Links (m)" range={[4, 64]} className="w-24" value={m} onChange={setM} />
      <NumberField label="Build width (ef_construction)" range={[32, 512]} value={efConstruction} onChange={setWidth} />
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
