'use client';

import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { toast } from '@/ui/toast';
import { Tooltip } from '@/ui/tooltip';
import type { RolloutDetail } from './rollout-types';

type Name = keyof RolloutDetail['actions'];

interface Act {
  name: Name;
  label: string;
  kind: 'primary' | 'secondary' | 'danger';
  /** What is typed to confirm; null: reading is enough. */
  word: string | null;
  text: ReactNode;
  run: () => Promise<unknown>;
  said: string;
}

function useActs({ rollout, modelName, live }: RolloutDetail): Act[] {
  const client = useTRPCClient();
  const rolloutId = rollout.id;
  const name = modelName ?? rolloutId;
  const liveId = live?.collectionId ?? null;
  return [
    {
      ...{ name: 'promote', label: 'Promote', kind: 'primary', word: name, said: 'It serves now.' },
      text: `All searches go to the collection of ${name} from the next request on. What serves now stands by; rolling back is one statement.`,
      run: () => client.rollout.promoteRollout.mutate({ rolloutId, expectedCollectionId: liveId }),
    },
    {
      ...{ name: 'rollBack', label: 'Roll back', kind: 'danger', word: name, said: 'Rolled back.' },
      text: `All searches go back to ${live?.previousCollectionId ?? 'the collection before'} from the next request on. Nothing is deleted; promoting this rollout again undoes it.`,
      run: () => client.rollout.rollBack.mutate(liveId === null ? {} : { expectedCollectionId: liveId }),
    },
    {
      ...{ name: 'retry', label: 'Retry', kind: 'primary', word: null, said: 'The step runs again.' },
      text: 'The step that failed runs again from its last checkpoint. What serves stays as it is.',
      run: () => client.rollout.retryRollout.mutate({ rolloutId }),
    },
    {
      ...{ name: 'cancel', label: 'Cancel', kind: 'danger', word: name, said: 'It stops at its next checkpoint.' },
      text: `The rollout of ${name} stops at its next checkpoint. What serves stays as it is, what is embedded is kept, and a retry goes on from there.`,
      run: () => client.rollout.cancelRollout.mutate({ rolloutId }),
    },
  ];
}

/** What can be done to the rollout now; what cannot says why. */
export function RolloutActions({ detail }: { detail: RolloutDetail }) {
  const acts = useActs(detail);
  const refusal = useRefusal('engineer');
  const [asked, setAsked] = useState<Name | null>(null);
  const act = acts.find(({ name }) => name === asked) ?? null;
  const change = useMutation({
    mutationFn: (chosen: Act) => chosen.run(),
    onSuccess: (_done, { said }) => {
      toast.success(said);
      setAsked(null);
    },
    onError: (error) => toast.error(error.message, { duration: Number.POSITIVE_INFINITY }),
  });
  return (
    <>
      {acts.map(({ name, label, kind }) => {
        const { isPossible, why } = detail.actions[name];
        const isOpen = isPossible && refusal === null;
        return (
          <Tooltip key={name} content={isOpen ? why : (refusal ?? why)}>
            <Button kind={isOpen ? kind : 'secondary'} aria-disabled={!isOpen} onClick={() => isOpen && setAsked(name)}>
              {label}
            </Button>
          </Tooltip>
        );
      })}
      <ConfirmDialog
        key={asked}
        isOpen={act !== null}
        onOpenChange={(isOpen) => !isOpen && setAsked(null)}
        title={`${act?.label ?? ''} ${detail.modelName ?? 'this rollout'}?`}
        typed={act?.word ?? undefined}
        confirm={act?.label ?? ''}
        isDestructive={act?.kind === 'danger'}
        isPending={change.isPending}
        onConfirm={() => act !== null && change.mutate(act)}
      >
        <p>{act?.text}</p>
      </ConfirmDialog>
    </>
  );
}
