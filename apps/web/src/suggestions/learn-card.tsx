'use client';

import { useMutation } from '@tanstack/react-query';
import { useRefusal } from '@/shell/signed-in-user';
import { resultNumbers } from '@/tasks/task-result';
import { useLatestTask } from '@/tasks/use-latest-task';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { errorText } from '@/ui/error-text';
import { FactList } from '@/ui/fact-list';
import { formatCount } from '@/ui/format-number';
import { ProgressBar } from '@/ui/progress-bar';
import { Skeleton } from '@/ui/skeleton';
import { StatusBadge } from '@/ui/status-badge';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import { Tooltip } from '@/ui/tooltip';

/** Learns phrases from the sessions since the last time, and shows what came of it. */
export function LearnCard() {
  const trpc = useTRPC();
  const refusal = useRefusal('engineer');
  const { detail, isNever, isOver, watch } = useLatestTask('suggestion_learning');
  const learn = useMutation(
    trpc.suggestion.requestSuggestionLearning.mutationOptions({
      onSuccess: ({ id, status }) => {
        if (status === 'done') toast.info('This hour’s sessions were learned from already.');
        watch(id);
      },
      onError: (error) => toast.error(errorText(error)),
    }),
  );
  const isBusy = learn.isPending || (detail !== null && !isOver);
  const button = (
    <Tooltip content={refusal ?? 'Reads the sessions since the last time. Once an hour it happens by itself.'}>
      <Button
        size="small"
        isPending={isBusy}
        aria-disabled={refusal !== null}
        onClick={() => refusal === null && learn.mutate()}
      >
        {isBusy ? 'Learning …' : 'Learn now'}
      </Button>
    </Tooltip>
  );
  return (
    <Card title="Learned from sessions" hint="A query counts once five people have typed it." actions={button}>
      {isNever ? (
        <p className="text-ink-faint">Nothing was learned yet. “Learn now” reads the sessions of all batches.</p>
      ) : detail === null ? (
        <Skeleton className="h-20" />
      ) : (
        <Learned detail={detail} isOver={isOver} />
      )}
    </Card>
  );
}

function Learned({
  detail,
  isOver,
}: {
  detail: NonNullable<ReturnType<typeof useLatestTask>['detail']>;
  isOver: boolean;
}) {
  const { sessions, usable, learned, forgotten } = resultNumbers(detail);
  const { task } = detail;
  return (
    <div className="space-y-3" aria-live="polite">
      {!isOver && (
        <div>
          <ProgressBar share={null} label="Learning from sessions" />
          <p className="mt-1 text-ink-faint text-xs">{task.progress?.note ?? 'Waiting for a worker'}</p>
        </div>
      )}
      <FactList
        facts={[
          ['Last time', <Time key="at" at={task.finishedAt ?? task.createdAt} />],
          ['Status', <StatusBadge key="status" status={task.status} />],
          ['Sessions read', formatCount(sessions)],
          ['Told something', formatCount(usable)],
          ['Phrases learned', formatCount(learned)],
          ['Phrases forgotten', formatCount(forgotten)],
        ]}
      />
      {task.error !== null && <p className="text-bad">{task.error.message}</p>}
    </div>
  );
}
