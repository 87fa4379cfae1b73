'use client';

import type { AppRouter } from '@embedding-studio/api';
import { skipToken } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useTRPC } from '@/trpc/client';

export type TaskDetail = inferRouterOutputs<AppRouter>['task']['describeTask'];

/** A task as it moves, pushed by the server until it has ended. */
export function useTask(taskId: string | null): { detail: TaskDetail | null; isOver: boolean; error: unknown } {
  const trpc = useTRPC();
  const { data, error } = useSubscription(
    trpc.task.watchTask.subscriptionOptions(taskId === null ? skipToken : { taskId }),
  );
  const detail = data?.task.id === taskId ? (data ?? null) : null;
  const isOver = detail !== null && !['pending', 'processing'].includes(detail.task.status);
  return { detail, isOver, error };
}
