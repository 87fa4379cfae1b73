'use client';

import type { ExplorationPolicy } from '@embedding-studio/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Card } from '@/ui/card';
import { QueryView } from '@/ui/query-view';
import { Switch } from '@/ui/switch';
import { Time } from '@/ui/time';
import { PolicyForm } from './policy-form';
import { PolicyNumber } from './policy-number';
import { useSaving } from './use-saving';

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
        {(decided) => <Fields key={decided.updatedAt?.getTime() ?? 0} {...decided} />}
      </QueryView>
    </Card>
  );
}

function Fields({ policy, updatedAt }: { policy: ExplorationPolicy; updatedAt: Date | null }) {
  const trpc = useTRPC();
  const refusal = useRefusal('engineer');
  const [isEnabled, setEnabled] = useState(policy.isEnabled);
  const saving = useSaving<{ policy: ExplorationPolicy }>(trpc.policy.getExplorationPolicy.queryKey(), (saved) =>
    saved.policy.isEnabled ? 'Saved; searches explore within a second.' : 'Saved; no search explores.',
  );
  const { mutate, isPending } = useMutation(trpc.policy.updateExplorationPolicy.mutationOptions(saving));
  return (
    <PolicyForm
      isPending={isPending}
      onSave={({ share = 0, place }) => mutate({ isEnabled, epsilon: share / 100, placeMin: place })}
      note={<Decided at={updatedAt} />}
    >
      <span className="self-center">
        <Switch label="Explore" isOn={isEnabled} onChange={setEnabled} isDisabled={refusal !== null} />
      </span>
      <PolicyNumber name="share" label="Share of searches (%)" value={100 * policy.epsilon} range={[0, 5, 0.1]} />
      <PolicyNumber name="place" label="First place that may be given" value={policy.placeMin} range={[4, 10, 1]} />
    </PolicyForm>
  );
}

function Decided({ at }: { at: Date | null }) {
  if (at === null) return <p className="self-center text-ink-faint text-xs">Nobody has decided; it is off.</p>;
  return (
    <p className="self-center text-ink-faint text-xs">
      Decided <Time at={at} />.
    </p>
  );
}
