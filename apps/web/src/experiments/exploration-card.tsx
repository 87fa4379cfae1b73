'use client';

import type { ExplorationPolicy } from '@embedding-studio/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { RefusableButton } from '@/settings/refusable-button';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { errorText } from '@/ui/error-text';
import { QueryView } from '@/ui/query-view';
import { Switch } from '@/ui/switch';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import { PolicyNumber } from './policy-number';

/** Whether searches now and then show what nobody has seen, and how often. */
export function ExplorationCard() {
  const trpc = useTRPC();
  const query = useQuery(trpc.policy.getExplorationPolicy.queryOptions());
  return (
    <Card
      className="mt-4"
      title="Exploration"
      hint="A few searches give one place below the third to an item from behind the page, so that new items get seen."
    >
      <QueryView query={query}>
        {({ policy, updatedAt }) => (
          <ExplorationForm key={updatedAt?.getTime() ?? 0} policy={policy} updatedAt={updatedAt} />
        )}
      </QueryView>
    </Card>
  );
}

function ExplorationForm({ policy, updatedAt }: { policy: ExplorationPolicy; updatedAt: Date | null }) {
  const refusal = useRefusal('engineer');
  const [isEnabled, setEnabled] = useState(policy.isEnabled);
  const update = useUpdate();
  return (
    <form
      className="flex flex-wrap items-end gap-x-6 gap-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const [share, place] = [Number(form.get('share')), Number(form.get('place'))];
        update.mutate({ isEnabled, epsilon: share / 100, placeMin: place });
      }}
    >
      <span className="self-center">
        <Switch label="Explore" isOn={isEnabled} onChange={setEnabled} isDisabled={refusal !== null} />
      </span>
      <PolicyNumber name="share" label="Share of searches (%)" value={100 * policy.epsilon} range={[0, 5, 0.1]} />
      <PolicyNumber name="place" label="First place that may be given" value={policy.placeMin} range={[4, 10, 1]} />
      {refusal === null ? (
        <Button kind="primary" type="submit" isPending={update.isPending}>
          Save
        </Button>
      ) : (
        <RefusableButton kind="primary" refusal={refusal}>
          Save
        </RefusableButton>
      )}
      <p className="self-center text-ink-faint text-xs">
        {updatedAt === null ? (
          'Nobody has decided; it is off.'
        ) : (
          <>
            Decided <Time at={updatedAt} />.
          </>
        )}
      </p>
    </form>
  );
}

function useUpdate() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  return useMutation(
    trpc.policy.updateExplorationPolicy.mutationOptions({
      onSuccess: ({ policy }) => {
        toast.success(policy.isEnabled ? 'Saved; searches explore within a second.' : 'Saved; no search explores.');
        void queries.invalidateQueries({ queryKey: trpc.policy.getExplorationPolicy.queryKey() });
      },
      onError: (error) => void toast.error(errorText(error)),
    }),
  );
}
