'use client';

import { Scope } from '@embedding-studio/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { errorField, errorText } from '@/ui/error-text';
import { TextField } from '@/ui/text-field';
import { CheckList } from './check-list';
import { scopeHints } from './role-words';

export interface CreateKeyDialogProps {
  onClose: () => void;
  onSecret: (secret: string) => void;
}

export function CreateKeyDialog({ onClose, onSecret }: CreateKeyDialogProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [scopes, setScopes] = useState<Scope[]>(['search', 'clickstream']);
  const [collections, setCollections] = useState<string[]>([]);
  const known = useQuery(trpc.collection.listCollections.queryOptions({}));
  const create = useMutation(
    trpc.key.createApiKey.mutationOptions({
      onSuccess: ({ secret }) => {
        void queries.invalidateQueries({ queryKey: trpc.key.listApiKeys.queryKey() });
        onSecret(secret);
        onClose();
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    create.mutate({
      name: text('name'),
      scopes,
      collections: collections.length === 0 ? null : collections,
      requestsPerMinute: text('rate') === '' ? null : Number(text('rate')),
      expiresAt: text('expires') === '' ? null : new Date(`${text('expires')}T23:59:59Z`),
    });
  };
  const isBoundless = scopes.includes('admin');
  const options = [
    { value: 'live', title: 'live', hint: 'Whatever serves' },
    ...(known.data ?? []).map(({ collection: { id }, modelName }) => ({ value: id, title: modelName, hint: id })),
  ];
  return (
    <Dialog
      isOpen
      onOpenChange={(open) => !open && onClose()}
      title="New API key"
      hint="One per application and purpose."
    >
      <form onSubmit={submit} className="space-y-4">
        <TextField label="Name" name="name" required maxLength={100} autoFocus placeholder="shop-frontend" />
        <CheckList
          legend="Scopes"
          options={Scope.options.map((scope) => ({ value: scope, title: scope, hint: scopeHints[scope] }))}
          chosen={scopes}
          onChange={setScopes}
        />
        {!isBoundless && (
          <CheckList
            legend="Collections"
            hint="None ticked: all of them."
            options={options}
            chosen={collections}
            onChange={setCollections}
          />
        )}
        <div className="grid grid-cols-2 gap-3">
          <TextField label="Expires (last day, UTC)" name="expires" type="date" hint="Empty: never." />
          <TextField label="Requests a minute" name="rate" type="number" min={1} hint="Empty: the gateway’s." />
        </div>
        {create.error !== null && (
          <p role="alert" className="text-bad">
            {errorField(create.error) === 'scopes' ? 'Tick one scope at least.' : errorText(create.error)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isPending={create.isPending} disabled={scopes.length === 0}>
            Create key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
