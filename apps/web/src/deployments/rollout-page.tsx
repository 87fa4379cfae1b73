'use client';

import { useSubscription } from '@trpc/tanstack-react-query';
import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { Page } from '@/shell/page';
import { useTRPC } from '@/trpc/client';
import { useNewest } from '@/trpc/use-newest';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';
import { StatusBadge } from '@/ui/status-badge';
import { Time } from '@/ui/time';
import { GateCard } from './gate-card';
import { HistoryCard } from './history-card';
import { ProgressCard } from './progress-card';
import { RolloutActions } from './rollout-actions';
import type { RolloutDetail } from './rollout-types';
import { StepLine } from './step-line';
import { VerificationCard } from './verification-card';

/** One rollout as it moves. */
export function RolloutPage({ rolloutId }: { rolloutId: string }) {
  const trpc = useTRPC();
  const [detail, onData] = useNewest<RolloutDetail>(rolloutId);
  const live = useSubscription(trpc.rollout.watchRollout.subscriptionOptions({ rolloutId }, { onData }));
  return (
    <Page
      title={
        <span className="flex flex-wrap items-center gap-3">
          {detail?.modelName ?? 'Rollout'}
          {detail && <StatusBadge status={detail.rollout.state} />}
        </span>
      }
      hint={<code className="break-all font-mono text-xs">{rolloutId}</code>}
      actions={
        <>
          <Button asChild kind="quiet">
            <Link href="/deployments">
              <ArrowLeft /> All rollouts
            </Link>
          </Button>
          {detail && <RolloutActions detail={detail} />}
        </>
      }
    >
      {live.error && !detail && <ErrorState error={live.error} onRetry={live.reset} />}
      {!detail && !live.error && (
        <Card>
          <SkeletonRows />
        </Card>
      )}
      {detail && <RolloutBody detail={detail} />}
    </Page>
  );
}

function RolloutBody({ detail }: { detail: RolloutDetail }) {
  const { rollout, replaces, gate, verification, progress } = detail;
  return (
    <div className="grid gap-4">
      <p className="text-ink-soft">
        Begun <Time at={rollout.createdAt} />
        {replaces !== null && (
          <>
            {' '}
            to replace{' '}
            <Link
              className="underline underline-offset-2"
              href={`/models?model=${encodeURIComponent(replaces.modelId)}`}
            >
              {replaces.modelName}
            </Link>
          </>
        )}
        {rollout.waitsFor ? ` · waits for ${rollout.waitsFor}` : ''}
        {rollout.switches === false ? ' · rests once verified, until somebody promotes it' : ''}
      </p>
      <StepLine steps={detail.steps} />
      {progress !== null && <ProgressCard progress={progress} />}
      <div className="grid items-start gap-4 xl:grid-cols-2">
        {gate !== null && <GateCard gate={gate} />}
        {verification !== null && <VerificationCard verification={verification} />}
      </div>
      <HistoryCard history={detail.history} />
    </div>
  );
}
