'use client';

import type { Readout } from '@embedding-studio/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useCollectionNames } from '@/search/use-collection-names';
import { RefusableButton } from '@/settings/refusable-button';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { errorText } from '@/ui/error-text';
import { SelectField } from '@/ui/select-field';
import { toast } from '@/ui/toast';
import type { Experiment } from './experiment-types';
import { verdictWords } from './experiment-words';

export interface ShipArmProps {
  experiment: Experiment;
  readout: Readout | null;
  refusal: string | null;
}

/** Gives everybody an arm. Its name has to be typed, as for a promotion. */
export function ShipArm({ experiment, readout, refusal }: ShipArmProps) {
  const { id: experimentId, definition } = experiment;
  const others = definition.arms.slice(1).map(({ name }) => name);
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const arm = chosen ?? readout?.arm ?? others[0] ?? '';
  const client = useTRPCClient();
  const trpc = useTRPC();
  const cache = useQueryClient();
  const ship = useMutation({
    mutationFn: () => client.experiment.shipArm.mutate({ experimentId, arm }),
    onSuccess: async () => {
      await cache.invalidateQueries(trpc.experiment.pathFilter());
      toast.success(`Everybody gets ${arm} now.`);
      setOpen(false);
    },
    onError: (error) => toast.error(errorText(error)),
  });
  const isSure = readout?.verdict === 'ship';
  return (
    <>
      <RefusableButton kind={isSure ? 'primary' : 'secondary'} refusal={refusal} onClick={() => setOpen(true)}>
        Ship an arm
      </RefusableButton>
      <ConfirmDialog
        key={`${isOpen}:${arm}`}
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Ship ${arm}?`}
        typed={arm}
        confirm="Ship"
        isPending={ship.isPending}
        onConfirm={() => ship.mutate()}
      >
        <ShipText experiment={experiment} arm={arm} readout={readout} />
        {others.length > 1 && (
          <SelectField
            label="Arm"
            value={arm}
            options={others.map((value) => ({ value, title: value }))}
            onChange={setChosen}
          />
        )}
      </ConfirmDialog>
    </>
  );
}

function ShipText({ experiment, arm, readout }: { experiment: Experiment; arm: string; readout: Readout | null }) {
  const nameOf = useCollectionNames();
  const collectionId = experiment.collections[arm];
  const isAdvised = readout?.verdict === 'ship' && readout.arm === arm;
  return (
    <>
      {!isAdvised && (
        <p className="text-warn">
          {readout === null
            ? 'There is no read-out yet.'
            : `The newest read-out does not say so. It says: ${verdictWords[readout.verdict].title}.`}
        </p>
      )}
      <p>
        The experiment ends and all searches get what {arm} did from the next request on:{' '}
        {collectionId === undefined ? 'its collection' : nameOf(collectionId)} goes live, and its weights become those
        of the collection.
      </p>
      <p>What serves now stands by. Undo: roll back on the page Collections, which is one statement.</p>
    </>
  );
}
