'use client';

import type { ExperimentPolicy } from '@embedding-studio/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/trpc/client';
import { Card } from '@/ui/card';
import { QueryView } from '@/ui/query-view';
import { PolicyForm } from './policy-form';
import { PolicyNumber } from './policy-number';
import { useSaving } from './use-saving';

/** What holds for all experiments. */
export function PolicyCard() {
  const trpc = useTRPC();
  const query = useQuery(trpc.policy.getExperimentPolicy.queryOptions());
  return (
    <Card
      className="mt-4"
      title="Holdout and read-outs"
      hint="Users in the holdout are never part of an experiment: what all of them together have changed is seen by comparing with these."
    >
      <QueryView query={query}>
        {({ policy, updatedAt }) => <Fields key={updatedAt?.getTime() ?? 0} policy={policy} />}
      </QueryView>
    </Card>
  );
}

function Fields({ policy }: { policy: ExperimentPolicy }) {
  const trpc = useTRPC();
  const saving = useSaving(
    trpc.policy.getExperimentPolicy.queryKey(),
    () => 'Saved; searches go by it within a second.',
  );
  const { mutate, isPending } = useMutation(trpc.policy.updateExperimentPolicy.mutationOptions(saving));
  return (
    <PolicyForm
      isPending={isPending}
      onSave={({ share = 0, minutes }) => mutate({ holdoutShare: share / 100, readoutMinutes: minutes })}
    >
      <PolicyNumber name="share" label="Holdout (% of users)" value={100 * policy.holdoutShare} range={[0, 50, 0.1]} />
      <PolicyNumber
        name="minutes"
        label="Read out every (minutes)"
        value={policy.readoutMinutes}
        range={[1, 1440, 1]}
      />
    </PolicyForm>
  );
}
