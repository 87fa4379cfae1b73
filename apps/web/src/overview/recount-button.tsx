'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { RefusableButton } from '@/settings/refusable-button';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { errorText } from '@/ui/error-text';
import { toast } from '@/ui/toast';

/** Makes all figures anew from the sessions, for when what counts as a search or a click has changed. */
export function RecountButton() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const refusal = useRefusal('engineer');
  const [isAsking, setAsking] = useState(false);
  const rebuild = useMutation(
    trpc.analytics.requestAnalyticsRebuild.mutationOptions({
      onSuccess: () => {
        toast.success('All figures are being counted anew; they fill up as it goes on.');
        void queries.invalidateQueries(trpc.analytics.pathFilter());
      },
      onError: (error) => toast.error(errorText(error)),
      onSettled: () => setAsking(false),
    }),
  );
  return (
    <>
      <RefusableButton kind="quiet" size="small" refusal={refusal} onClick={() => setAsking(true)}>
        Count anew
      </RefusableButton>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setAsking}
        title="Count all figures anew?"
        confirm="Count anew"
        isPending={rebuild.isPending}
        onConfirm={() => rebuild.mutate()}
      >
        <p>
          Every figure of this page, and the facts by which sessions are filtered, are made anew from the stored
          sessions. Until that is done they are too low: seconds for ten thousand sessions, minutes for a million.
          Sessions and searches themselves are not touched.
        </p>
      </ConfirmDialog>
    </>
  );
}
