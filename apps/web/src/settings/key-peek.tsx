'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { errorText } from '@/ui/error-text';
import { FactList } from '@/ui/fact-list';
import { formatCount, noValue } from '@/ui/format-number';
import { Peek } from '@/ui/peek';
import { StatusBadge } from '@/ui/status-badge';
import { inputLook } from '@/ui/text-field';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import { useNow } from '@/ui/use-now';
import { type Key, keyStatus } from './key-status';

export interface KeyPeekProps {
  apiKey: Key;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
  onSecret: (secret: string) => void;
}

export function KeyPeek({ apiKey, onSecret, ...moves }: KeyPeekProps) {
  const now = useNow();
  const [asked, setAsked] = useState<'rotate' | 'revoke' | null>(null);
  const [hours, setHours] = useState('24');
  const { rotate, revoke } = useKeyActs({ onSecret, onSettled: () => setAsked(null) });
  const status = keyStatus(apiKey, now);
  const actions = status !== 'revoked' && (
    <>
      <Button onClick={() => setAsked('rotate')}>Rotate</Button>
      <Button kind="danger" onClick={() => setAsked('revoke')}>
        Revoke
      </Button>
    </>
  );
  return (
    <Peek title={apiKey.name} hint={apiKey.id} actions={actions || undefined} {...moves}>
      <FactList facts={factsOf(apiKey, status)} />
      <ConfirmDialog
        isOpen={asked === 'rotate'}
        onOpenChange={() => setAsked(null)}
        title={`Rotate ${apiKey.name}`}
        confirm="Make a new secret"
        isPending={rotate.isPending}
        onConfirm={() => rotate.mutate({ keyId: apiKey.id, overlapHours: Number(hours) })}
      >
        <p>
          The key gets a new secret, shown once. The one in use stays valid for the overlap, so nothing has to stop.
        </p>
        <label className="block">
          <span className="mb-1 block font-medium text-ink text-xs">Overlap in hours (0 to 720)</span>
          <input
            type="number"
            min={0}
            max={720}
            value={hours}
            onChange={(event) => setHours(event.target.value)}
            className={inputLook}
          />
        </label>
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={asked === 'revoke'}
        onOpenChange={() => setAsked(null)}
        title={`Revoke ${apiKey.name}`}
        confirm="Revoke for good"
        isDestructive
        typed={apiKey.name}
        isPending={revoke.isPending}
        onConfirm={() => revoke.mutate({ keyId: apiKey.id })}
      >
        <p>Every application that uses this key is refused from the next request on. This cannot be undone.</p>
      </ConfirmDialog>
    </Peek>
  );
}

function factsOf(key: Key, status: string): [string, React.ReactNode][] {
  return [
    ['Status', <StatusBadge key="status" status={status} />],
    ['Secret', <code key="secret">{`${key.prefix}…${key.lastFour}`}</code>],
    ['Scopes', key.scopes.join(', ')],
    ['Collections', key.collections === null ? 'all' : key.collections.join(', ')],
    ['Rate limit', key.requestsPerMinute === null ? 'the gateway’s' : `${formatCount(key.requestsPerMinute)} a minute`],
    ['Last used', <Time key="used" at={key.lastUsedAt} />],
    ['From', key.lastUsedIp || noValue],
    ['Expires', key.expiresAt === null ? 'never' : <Time key="expires" at={key.expiresAt} />],
    ['Old secret valid until', <Time key="old" at={key.previousValidUntil} />],
    ['Made', <Time key="made" at={key.createdAt} />],
    ['Revoked', <Time key="revoked" at={key.revokedAt} />],
  ];
}

interface KeyActs {
  onSecret: (secret: string) => void;
  onSettled: () => void;
}

function useKeyActs({ onSecret, onSettled }: KeyActs) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const renew = () => void queries.invalidateQueries({ queryKey: trpc.key.listApiKeys.queryKey() });
  const onError = (error: unknown) => void toast.error(errorText(error));
  const rotate = useMutation(
    trpc.key.rotateApiKey.mutationOptions({
      onSuccess: ({ secret }) => {
        renew();
        onSecret(secret);
      },
      onError,
      onSettled,
    }),
  );
  const revoke = useMutation(
    trpc.key.revokeApiKey.mutationOptions({
      onSuccess: () => {
        renew();
        toast.success('The key is revoked.');
      },
      onError,
      onSettled,
    }),
  );
  return { rotate, revoke };
}
