'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { RefusableButton } from '@/settings/refusable-button';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { errorText } from '@/ui/error-text';
import { toast } from '@/ui/toast';
import type { Standing } from './experiment-types';
import { ShipArm } from './ship-arm';
import { type Act, useActs } from './use-acts';
import { useReadout } from './use-readout';

export interface ExperimentActionsProps {
  standing: Standing;
  onEdit: () => void;
}

/** What can be done to the experiment in its state; each names what it affects and how it is undone. */
export function ExperimentActions({ standing, onEdit }: ExperimentActionsProps) {
  const refusal = useRefusal('engineer');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const { experiment } = standing;
  const acts = useActs(standing);
  const readout = useReadout(experiment).data?.readout ?? null;
  const isShippable = experiment.state === 'running' || experiment.state === 'stopped';
  const [asked, setAsked] = useState<string | null>(null);
  const act = acts.find(({ name }) => name === asked) ?? null;
  const run = useMutation({
    mutationFn: (chosen: Act) => chosen.run(),
    onSuccess: async (_done, { said }) => {
      await cache.invalidateQueries(trpc.experiment.pathFilter());
      toast.success(said);
      setAsked(null);
    },
    onError: (error) => toast.error(errorText(error)),
  });
  return (
    <>
      {experiment.state === 'draft' && (
        <RefusableButton refusal={refusal} onClick={onEdit}>
          Change
        </RefusableButton>
      )}
      {acts.map((one) => (
        <RefusableButton
          key={one.name}
          kind={one.kind}
          refusal={refusal}
          isPending={run.isPending && run.variables?.name === one.name}
          onClick={() => (one.text === null ? run.mutate(one) : setAsked(one.name))}
        >
          {one.label}
        </RefusableButton>
      ))}
      {isShippable && <ShipArm experiment={experiment} readout={readout} refusal={refusal} />}
      <ConfirmDialog
        key={asked}
        isOpen={act !== null}
        onOpenChange={(isOpen) => !isOpen && setAsked(null)}
        title={act?.title ?? ''}
        confirm={act?.label ?? ''}
        isDestructive={act?.kind === 'danger'}
        isPending={run.isPending}
        onConfirm={() => act !== null && run.mutate(act)}
      >
        {act?.text}
      </ConfirmDialog>
    </>
  );
}
