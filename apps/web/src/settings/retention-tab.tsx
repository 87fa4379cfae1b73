'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { errorText } from '@/ui/error-text';
import { QueryView } from '@/ui/query-view';
import { TextField } from '@/ui/text-field';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import { RefusableButton } from './refusable-button';

interface Days {
  sessionsDays: number;
  tasksDays: number;
}

export function RetentionTab() {
  const trpc = useTRPC();
  const query = useQuery(trpc.policy.getRetention.queryOptions());
  return (
    <Card
      title="How long things are kept"
      hint="A sweep each day removes what is older. Live things and what a deployment needs are never removed."
      className="max-w-2xl"
    >
      <QueryView query={query}>
        {({ policy, defaults, updatedAt }) => (
          <RetentionForm key={updatedAt?.getTime() ?? 0} policy={policy} defaults={defaults} updatedAt={updatedAt} />
        )}
      </QueryView>
    </Card>
  );
}

function RetentionForm({ policy, defaults, updatedAt }: { policy: Days; defaults: Days; updatedAt: Date | null }) {
  const refusal = useRefusal('admin');
  const [asked, setAsked] = useState<Days | null>(null);
  const [isSweeping, setSweeping] = useState(false);
  const { update, sweep } = useRetentionActs(() => {
    setAsked(null);
    setSweeping(false);
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setAsked({ sessionsDays: Number(form.get('sessions')), tasksDays: Number(form.get('tasks')) });
  };
  const field = (name: string, label: string, days: { value: number; byDefault: number }) => (
    <TextField
      label={label}
      name={name}
      type="number"
      min={0}
      max={36_500}
      required
      defaultValue={days.value}
      disabled={refusal !== null}
      hint={`0: for ever. The settings say ${days.byDefault}.`}
    />
  );
  return (
    <form onSubmit={submit} className="space-y-4">
      <div className="grid gap-4 sm:grid-cols-2">
        {field('sessions', 'Sessions and events (days)', {
          value: policy.sessionsDays,
          byDefault: defaults.sessionsDays,
        })}
        {field('tasks', 'Ended tasks (days)', { value: policy.tasksDays, byDefault: defaults.tasksDays })}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <p className="flex-1 text-ink-faint text-xs">
          {updatedAt === null ? (
            'As the settings say; nobody has decided otherwise.'
          ) : (
            <>
              Decided <Time at={updatedAt} />.
            </>
          )}
        </p>
        <RefusableButton refusal={refusal} onClick={() => setSweeping(true)}>
          Sweep now
        </RefusableButton>
        {refusal === null ? (
          <Button kind="primary" type="submit">
            Save
          </Button>
        ) : (
          <RefusableButton kind="primary" refusal={refusal}>
            Save
          </RefusableButton>
        )}
      </div>
      <ConfirmDialog
        isOpen={asked !== null}
        onOpenChange={() => setAsked(null)}
        title="Change how long things are kept"
        confirm="Save"
        isDestructive
        isPending={update.isPending}
        onConfirm={() => asked !== null && update.mutate(asked)}
      >
        <p>
          From the next sweep on, sessions older than {daysText(asked?.sessionsDays)} and ended tasks older than{' '}
          {daysText(asked?.tasksDays)} are removed. You can change the days back, but what a sweep has removed does not
          come back.
        </p>
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={isSweeping}
        onOpenChange={setSweeping}
        title="Sweep now"
        confirm="Sweep"
        isDestructive
        isPending={sweep.isPending}
        onConfirm={() => sweep.mutate()}
      >
        <p>
          Sessions older than {daysText(policy.sessionsDays)} and ended tasks older than {daysText(policy.tasksDays)}{' '}
          are removed now instead of tonight. They do not come back.
        </p>
      </ConfirmDialog>
    </form>
  );
}

function daysText(days: number | undefined): string {
  return days === 0 ? 'for ever (none)' : `${days ?? ''} days`;
}

function useRetentionActs(onSettled: () => void) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const onError = (error: unknown) => void toast.error(errorText(error));
  const update = useMutation(
    trpc.policy.updateRetention.mutationOptions({
      onSuccess: () => {
        toast.success('Saved; it counts from the next sweep on.');
        void queries.invalidateQueries({ queryKey: trpc.policy.getRetention.queryKey() });
      },
      onError,
      onSettled,
    }),
  );
  const sweep = useMutation(
    trpc.policy.requestRetention.mutationOptions({
      onSuccess: ({ id }) => void toast.success(`The sweep is queued as ${id}.`),
      onError,
      onSettled,
    }),
  );
  return { update, sweep };
}
