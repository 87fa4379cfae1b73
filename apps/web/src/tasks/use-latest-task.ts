'use client';

import type { AppRouter } from '@embedding-studio/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { inferRouterInputs } from '@trpc/server';
import { useEffect, useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { useTask } from './use-task';

type Filter = NonNullable<inferRouterInputs<AppRouter>['task']['searchTasks']>['filter'];
export type TaskKind = NonNullable<NonNullable<Filter>['kinds']>[number];

/** The newest task of a kind, or the one that was just asked for, as it moves. */
export function useLatestTask(kind: TaskKind) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<string | null>(null);
  const latest = useQuery(trpc.task.searchTasks.queryOptions({ filter: { kinds: [kind] }, limit: 1 }));
  const task = useTask(asked ?? latest.data?.rows[0]?.id ?? null);
  const { isOver } = task;
  useEffect(() => {
    if (isOver && asked !== null) void queryClient.invalidateQueries();
  }, [isOver, asked, queryClient]);
  return {
    ...task,
    isLoading: latest.isPending,
    isNever: latest.data?.rows.length === 0 && asked === null,
    watch: setAsked,
  };
}
