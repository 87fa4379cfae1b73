'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTask } from '@/tasks/use-task';
import { useTRPC } from '@/trpc/client';
import { formatCount, formatDuration } from '@/ui/format-number';
import { ProgressBar } from '@/ui/progress-bar';
import { StatusBadge } from '@/ui/status-badge';

/** A sync as it runs, pushed by the server. */
export function SyncProgress({ taskId }: { taskId: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { detail, isOver } = useTask(taskId);
  useEffect(() => {
    if (isOver) void queryClient.invalidateQueries(trpc.dataSource.pathFilter());
  }, [isOver, queryClient, trpc]);
  const progress = detail?.task.progress ?? null;
  return (
    <section aria-live="polite" className="rounded-md border bg-sunken p-3">
      <div className="mb-2 flex items-center gap-2">
        <StatusBadge status={detail?.task.status ?? 'pending'} />
        <span className="nums text-ink-soft">
          {progress === null ? 'Waiting for a worker' : `${formatCount(progress.done)} ${progress.note}`}
        </span>
        {progress?.secondsLeft != null && (
          <span className="nums ml-auto text-ink-faint">{formatDuration(progress.secondsLeft * 1_000)} left</span>
        )}
      </div>
      <ProgressBar share={isOver ? 1 : null} label="Progress of the sync" />
    </section>
  );
}
