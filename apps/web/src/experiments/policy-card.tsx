'use client';

import type { ExperimentPolicy } from '@embedding-studio/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { RefusableButton } from '@/settings/refusable-button';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { errorText } from '@/ui/error-text';
import { QueryView } from '@/ui/query-view';
import { toast } from '@/ui/toast';
import { PolicyNumber } from './policy-number';

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
        {({ policy, updatedAt }) => <PolicyForm key={updatedAt?.getTime() ?? 0} policy={policy} />}
      </QueryView>
    </Card>
  );
}

function PolicyForm({ policy }: { policy: ExperimentPolicy }) {
  const refusal = useRefusal('engineer');
  const update = useUpdate();
  return (
    <form
      className="flex flex-wrap items-end gap-x-6 gap-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const [share, minutes] = [Number(form.get('share')), Number(form.get('minutes'))];
        update.mutate({ holdoutShare: share / 100, readoutMinutes: minutes });
      }}
    >
      <PolicyNumber name="share" label="Holdout (% of users)" value={100 * policy.holdoutShare} range={[0, 50, 0.1]} />
      <PolicyNumber
        name="minutes"
        label="Read out every (minutes)"
        value={policy.readoutMinutes}
        range={[1, 1440, 1]}
      />
      {refusal === null ? (
        <Button kind="primary" type="submit" isPending={update.isPending}>
          Save
        </Button>
      ) : (
        <RefusableButton kind="primary" refusal={refusal}>
          Save
        </RefusableButton>
      )}
    </form>
  );
}

function useUpdate() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  return useMutation(
    trpc.policy.updateExperimentPolicy.mutationOptions({
      onSuccess: () => {
        toast.success('Saved; searches go by it within a second.');
        void queries.invalidateQueries({ queryKey: trpc.policy.getExperimentPolicy.queryKey() });
      },
      onError: (error) => void toast.error(errorText(error)),
    }),
  );
}
