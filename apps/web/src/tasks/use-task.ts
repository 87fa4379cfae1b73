'use client';

import type { AppRouter } from '@embedding-studio/api';
import { skipToken, useQuery } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useState } from 'react';
import { useTRPC } from '@/trpc/client';

export type TaskDetail = inferRouterOutputs<AppRouter>['task']['describeTask'];

const isSettled = (detail: TaskDetail | null) =>
  detail !== null && !['pending', 'processing'].includes(detail.task.status);

/** A task as it moves: read once, then pushed by the server until it has ended. */
export function useTask(taskId: string | null): { detail: TaskDetail | null; isOver: boolean; error: unknown } {
  const trpc = useTRPC();
  const [pushed, setPushed] = useState<TaskDetail | null>(null);
  const read = useQuery(trpc.task.describeTask.queryOptions(taskId === null ? skipToken : { taskId }));
  const detail = pushed?.task.id === taskId ? pushed : (read.data ?? null);
  const isOver = isSettled(detail);
  useSubscription(
    trpc.task.watchTask.subscriptionOptions(taskId === null || isOver ? skipToken : { taskId }, {
      onData: (next) => setPushed(next),
    }),
  );
  return { detail, isOver, error: read.error };
}
