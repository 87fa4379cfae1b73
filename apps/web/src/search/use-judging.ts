'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { toast } from '@/ui/toast';
import { gradeNames } from './judge-buttons';

/** Grades items of a query; refusal says why the signed-in user may not. */
export function useJudging(query: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const refusal = useRefusal('analyst');
  const { mutate, isPending } = useMutation(
    trpc.judgement.judgeItem.mutationOptions({
      onSuccess: (_, { grade }) => {
        toast.success(grade === null ? 'Grade taken back' : `Judged ${grade}: ${gradeNames[grade]}`, {
          duration: 1_500,
        });
        return Promise.all([
          queryClient.invalidateQueries(trpc.playground.compareSearches.pathFilter()),
          queryClient.invalidateQueries(trpc.judgement.pathFilter()),
        ]);
      },
      onError: (error) => toast.error(`Not judged: ${error.message}`),
    }),
  );
  const judge = (itemId: string, grade: number | null) => {
    if (refusal === null) mutate({ query, itemId, grade });
    else toast.error(refusal);
  };
  return { judge, refusal, isPending };
}
