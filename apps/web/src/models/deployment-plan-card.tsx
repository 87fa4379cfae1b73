'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useId, useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { ErrorState } from '@/ui/error-state';
import { FactList } from '@/ui/fact-list';
import { formatBytes, formatCount, formatDecimal, formatDuration, noValue } from '@/ui/format-number';
import { SkeletonRows } from '@/ui/skeleton';
import { toast } from '@/ui/toast';
import { Tooltip } from '@/ui/tooltip';
import type { DeploymentPlan } from './model-types';

/** What bringing a model to live costs and changes, before anything is started. */
export function DeploymentPlanCard({ modelId }: { modelId: string }) {
  const trpc = useTRPC();
  const { data: plan, error, refetch } = useQuery(trpc.model.planDeployment.queryOptions({ modelId }));
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!plan) return <SkeletonRows rows={3} />;
  return (
    <div className="grid gap-3 rounded-lg border p-3">
      <FactList facts={factsOf(plan)} />
      <ul className="list-disc space-y-1 pl-4 text-ink-soft">
        {plan.effects.map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
      </ul>
      <p>
        <span className="font-medium">Undo: </span>
        <span className="text-ink-soft">{plan.undo}</span>
      </p>
      {plan.obstacles.map((obstacle) => (
        <p key={obstacle} className="text-warn">
          {obstacle}
        </p>
      ))}
      <StartDeployment plan={plan} />
    </div>
  );
}

function factsOf(plan: DeploymentPlan): [string, React.ReactNode][] {
  const { neededBytes, freeBytes } = plan.disk;
  const isTight = freeBytes !== null && neededBytes > freeBytes * 0.8;
  return [
    ['To embed', `${formatCount(plan.toEmbed)} of ${formatCount(plan.items)} items`],
    ['Takes about', plan.minutes === null ? noValue : formatDuration(plan.minutes * 60_000)],
    [
      'Estimated from',
      plan.speed === null
        ? 'nothing measured yet'
        : `${formatDecimal(plan.speed.itemsPerSecond, 1)} items/s (${plan.speed.from})`,
    ],
    [
      'Disk',
      <span key="disk" className={isTight ? 'text-bad' : ''}>
        {formatBytes(neededBytes)} of {freeBytes === null ? 'an unknown amount' : formatBytes(freeBytes)} free
      </span>,
    ],
    ['Replaces', plan.live === null ? noValue : plan.live.modelName],
  ];
}

function useStart(plan: DeploymentPlan) {
  const client = useTRPCClient();
  const router = useRouter();
  return useMutation({
    mutationFn: (deploy: boolean) =>
      plan.live === null
        ? client.rollout.requestInitialIndex.mutate({ modelId: plan.modelId })
        : client.rollout.requestReindex.mutate({
            ...{ sourceModelId: plan.live.modelId, destModelId: plan.modelId, deploy },
          }),
    onSuccess: ({ id }) => {
      toast.success('The rollout has started.');
      router.push(`/deployments/${encodeURIComponent(id)}`);
    },
    onError: (error) => toast.error(error.message, { duration: Number.POSITIVE_INFINITY }),
  });
}

function StartDeployment({ plan }: { plan: DeploymentPlan }) {
  const [isAsking, setAsking] = useState(false);
  const [isPromoted, setPromoted] = useState(false);
  const refusal = useRefusal('engineer') ?? plan.obstacles[0] ?? null;
  const start = useStart(plan);
  const id = useId();
  return (
    <div>
      <Tooltip content={refusal}>
        <Button
          kind="primary"
          aria-disabled={refusal !== null}
          onClick={() => refusal === null && setAsking(true)}
          aria-describedby={refusal === null ? undefined : id}
        >
          Deploy {plan.modelName}
        </Button>
      </Tooltip>
      {refusal !== null && (
        <span id={id} className="sr-only">
          {refusal}
        </span>
      )}
      <ConfirmDialog
        key={String(isAsking)}
        isOpen={isAsking}
        onOpenChange={setAsking}
        title={`Deploy ${plan.modelName}?`}
        typed={plan.modelName}
        confirm="Start the rollout"
        isPending={start.isPending}
        onConfirm={() => start.mutate(isPromoted)}
      >
        <p>
          {formatCount(plan.toEmbed)} items are embedded into a second collection
          {plan.minutes === null ? '' : `, about ${formatDuration(plan.minutes * 60_000)}`}. Searches go on meanwhile.
        </p>
        <p>{plan.undo}</p>
        {plan.live !== null && (
          <label className="flex items-center gap-2 text-ink">
            <input type="checkbox" checked={isPromoted} onChange={(event) => setPromoted(event.target.checked)} />
            Promote by itself once verified; otherwise it waits for you
          </label>
        )}
      </ConfirmDialog>
    </div>
  );
}
