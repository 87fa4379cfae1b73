'use client';

import type { TrainingPolicyView } from '@embedding-studio/core';
import { useQuery } from '@tanstack/react-query';
import { parseAsBoolean, useQueryState } from 'nuqs';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { formatCount } from '@/ui/format-number';
import { QueryView } from '@/ui/query-view';
import { Time } from '@/ui/time';
import { AutoTrainingForm } from './auto-training-form';

/** Whether training starts by itself, how far it is from that, and the form to decide it. */
export function AutoTrainingCard() {
  const trpc = useTRPC();
  const [isOpen, setOpen] = useQueryState('automatic', parseAsBoolean.withDefault(false));
  const refusal = useRefusal('engineer');
  const query = useQuery({ ...trpc.policy.getTrainingPolicy.queryOptions(), refetchInterval: 30_000 });
  return (
    <Card
      className="mb-4"
      title={
        <span className="flex items-center gap-2">
          Training by itself
          {query.data?.policy.isEnabled && <Badge tone="accent">{query.data.policy.mode}</Badge>}
        </span>
      }
      hint="Enough new evidence starts a fine-tuning; the gate decides what becomes of it."
      actions={
        <Button
          size="small"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          aria-expanded={isOpen}
          onClick={() => void setOpen(isOpen ? null : true)}
        >
          {isOpen ? 'Close' : 'Change'}
        </Button>
      }
    >
      <QueryView query={query}>
        {(view) =>
          isOpen ? (
            <AutoTrainingForm
              key={view.updatedAt?.getTime() ?? 0}
              policy={view.policy}
              refusal={refusal}
              onSaved={() => void setOpen(null)}
            />
          ) : (
            <Summary view={view} />
          )
        }
      </QueryView>
    </Card>
  );
}

function Summary({ view: { policy, watch } }: { view: TrainingPolicyView }) {
  if (!policy.isEnabled)
    return <p className="text-ink-soft text-xs">Off: a fine-tuning starts only when somebody asks for it.</p>;
  const end = policy.mode === 'propose' ? 'waits for somebody to promote it' : 'goes live';
  return (
    <div className="nums grid gap-2 text-xs">
      <p>
        {`${formatCount(policy.sessionsMin)} new usable sessions with ${formatCount(policy.queriesMin)} queries, at least `}
        {`${formatCount(policy.hoursBetween)} h after the last run, start ${policy.method}; what the gate accepts ${end}.`}
      </p>
      {watch === null ? (
        <p className="text-ink-faint">No worker has looked yet; it does so every minute.</p>
      ) : (
        <>
          <Progress name="Usable sessions" have={watch.usable} wanted={policy.sessionsMin} />
          <Progress name="Different queries" have={watch.queries} wanted={policy.queriesMin} />
          <p className="text-ink-soft">
            {watch.words}{' '}
            <span className="text-ink-faint">
              Looked at <Time at={new Date(watch.at)} />.
            </span>
          </p>
        </>
      )}
    </div>
  );
}

function Progress({ name, have, wanted }: { name: string; have: number; wanted: number }) {
  return (
    <span className="flex items-center gap-3">
      <span className="w-32 text-ink-soft">{name}</span>
      <progress
        aria-label={name}
        max={wanted}
        value={Math.min(have, wanted)}
        className="h-1.5 w-40 appearance-none overflow-hidden rounded-full bg-sunken [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
      />
      {formatCount(have)} of {formatCount(wanted)}
    </span>
  );
}
