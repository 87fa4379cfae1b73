'use client';

import { useMutation } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { useNewest } from '@/trpc/use-newest';
import { Button } from '@/ui/button';
import { ErrorState } from '@/ui/error-state';
import { FactList } from '@/ui/fact-list';
import { formatCount, formatDuration, noValue } from '@/ui/format-number';
import { Peek } from '@/ui/peek';
import { ProgressBar } from '@/ui/progress-bar';
import { SkeletonRows } from '@/ui/skeleton';
import { StatusBadge } from '@/ui/status-badge';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import { Tooltip } from '@/ui/tooltip';
import { AttemptList } from './attempt-list';
import { FlowTree } from './flow-tree';
import { JobLog } from './job-log';
import { JsonBlock } from './json-block';
import { kindTitle } from './kind-title';
import type { JobDetail } from './queue-types';
import { shareOf } from './share-of';

export interface JobPeekProps {
  jobId: string;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
  onOpen: (id: string) => void;
}

/** Everything about one job, as it moves. */
export function JobPeek({ jobId, onClose, onPrevious, onNext, onOpen }: JobPeekProps) {
  const trpc = useTRPC();
  const [detail, onData] = useNewest<JobDetail>(jobId);
  const live = useSubscription(trpc.task.watchTask.subscriptionOptions({ taskId: jobId }, { onData }));
  return (
    <Peek
      title={detail ? kindTitle(detail.task.kind) : 'Job'}
      onClose={onClose}
      onPrevious={onPrevious}
      onNext={onNext}
    >
      <div className="grid gap-5">
        {live.error && !detail && <ErrorState error={live.error} onRetry={live.reset} />}
        {!detail && !live.error && <SkeletonRows rows={5} />}
        {detail && <JobBody detail={detail} onOpen={onOpen} onChanged={live.reset} />}
      </div>
    </Peek>
  );
}

function JobBody(props: { detail: JobDetail; onOpen: (id: string) => void; onChanged: () => void }) {
  const { detail, onOpen, onChanged } = props;
  const { task, attempts, flow, failures, failuresCount } = detail;
  return (
    <>
      <div className="grid gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <StatusBadge status={task.status} />
          <code className="min-w-0 flex-1 break-all font-mono text-2xs text-ink-faint">{task.id}</code>
          <JobActions detail={detail} onChanged={onChanged} />
        </div>
        {task.progress !== null && task.status === 'processing' && (
          <>
            <ProgressBar label={task.progress.note} share={shareOf(task.progress)} />
            <p className="nums text-ink-soft text-xs">
              {task.progress.note}: {formatCount(task.progress.done)} of {formatCount(task.progress.total)}
              {task.progress.secondsLeft !== null && `, ${formatDuration(task.progress.secondsLeft * 1_000)} left`}
            </p>
          </>
        )}
        {task.error !== null && (
          <p className="break-words rounded-md bg-bad-soft px-3 py-2 text-bad">
            <span className="font-mono text-xs">{task.error.code}</span> {task.error.message}
          </p>
        )}
      </div>
      <FactList facts={factsOf(detail)} />
      <Part title={`Attempts (${attempts.length})`}>
        <AttemptList attempts={attempts} />
      </Part>
      <Part title="Log">
        <JobLog taskId={task.id} isRunning={task.status === 'processing'} />
      </Part>
      {flow !== null && (
        <Part title="Flow">
          <FlowTree flow={flow} selected={task.id} onOpen={onOpen} />
        </Part>
      )}
      <Part title="Payload">
        <JsonBlock json={detail.input} label="Payload" />
      </Part>
      {detail.result !== null && (
        <Part title="Result">
          <JsonBlock json={detail.result} label="Result" />
        </Part>
      )}
      {failuresCount > 0 && (
        <Part title={`Items that failed (${formatCount(failuresCount)})`}>
          <ul className="divide-y rounded-md border text-xs">
            {failures.slice(0, 20).map(({ itemId, stage, detail: why }) => (
              <li key={`${itemId}-${stage}`} className="px-3 py-1.5">
                <span className="font-mono">{itemId}</span> <span className="text-ink-faint">{stage}</span> {why}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {detail.checkpoint !== null && (
        <Part title="Checkpoint">
          <JsonBlock json={detail.checkpoint} label="Checkpoint" />
        </Part>
      )}
    </>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="min-w-0">
      <h3 className="mb-2 font-semibold text-xs">{title}</h3>
      {children}
    </section>
  );
}

function factsOf({ task }: JobDetail): [string, React.ReactNode][] {
  const { startedAt, finishedAt } = task;
  const took = startedAt !== null && finishedAt !== null ? finishedAt.getTime() - startedAt.getTime() : null;
  return [
    ['Attempt', `${task.attempt} of ${task.attemptsMax}`],
    ['Priority', task.priority],
    ['Asked for', <Time key="created" at={task.createdAt} />],
    ['Started', <Time key="started" at={startedAt} />],
    ['Took', took === null ? noValue : formatDuration(took)],
    ['Worker', task.workerId ?? noValue],
    ...(task.notBefore === null
      ? []
      : [['Not before', <Time key="later" at={task.notBefore} />] as [string, React.ReactNode]]),
    ...(task.itemsPerSecond == null
      ? []
      : [['Throttle', `${task.itemsPerSecond} items/s`] as [string, React.ReactNode]]),
  ];
}

/** Retry for what has ended without success, cancel for what has not ended. */
function JobActions({ detail, onChanged }: { detail: JobDetail; onChanged: () => void }) {
  const client = useTRPCClient();
  const refusal = useRefusal('engineer');
  const { id, status, cancelRequested } = detail.task;
  const canRetry = ['failed', 'refused', 'canceled'].includes(status);
  const canCancel = ['pending', 'processing'].includes(status) && !cancelRequested;
  const change = useMutation({
    mutationFn: () =>
      canRetry ? client.task.restartTask.mutate({ taskId: id }) : client.task.cancelTask.mutate({ taskId: id }),
    onSuccess: () => {
      toast.success(canRetry ? 'It waits for a worker again.' : 'It stops at its next checkpoint; retry undoes it.');
      onChanged();
    },
    onError: (error) => toast.error(error.message, { duration: Number.POSITIVE_INFINITY }),
  });
  if (!canRetry && !canCancel) return null;
  return (
    <Tooltip content={refusal ?? (canRetry ? 'Goes on from its last checkpoint' : 'Ends at its next checkpoint')}>
      <Button
        size="small"
        aria-disabled={refusal !== null}
        isPending={change.isPending}
        onClick={() => refusal === null && change.mutate()}
      >
        {canRetry ? 'Retry' : 'Cancel'}
      </Button>
    </Tooltip>
  );
}
