'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '@/trpc/client';
import { toast } from '@/ui/toast';

/** Marks a session as irrelevant and offers to take it back, or takes it back. */
export function useMark(sessionId: string) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: trpc.session.pathKey() });
  const onError = (error: { message: string }) => toast.error(`Nothing was changed: ${error.message}`);
  const unmark = useMutation(
    trpc.session.unmarkIrrelevant.mutationOptions({
      onError,
      onSuccess: () => {
        toast.success('The mark was taken back.');
        return renew();
      },
    }),
  );
  const mark = useMutation(
    trpc.session.markIrrelevant.mutationOptions({
      onError,
      onSuccess: () => {
        toast.success('Marked irrelevant: it now speaks against the items it showed.', {
          action: { label: 'Undo', onClick: () => unmark.mutate({ sessionId }) },
        });
        return renew();
      },
    }),
  );
  return { mark, unmark };
}
