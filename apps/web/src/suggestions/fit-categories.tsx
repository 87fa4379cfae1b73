'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useLatestTask } from '@/tasks/use-latest-task';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { errorText } from '@/ui/error-text';
import { ProgressBar } from '@/ui/progress-bar';
import { TextField } from '@/ui/text-field';
import { toast } from '@/ui/toast';
import { Tooltip } from '@/ui/tooltip';

/** Fits categories on the items and sessions of now; says how far it is and why it failed. */
export function FitCategories({ field: known }: { field: string | null }) {
  const trpc = useTRPC();
  const refusal = useRefusal('engineer');
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState<string | null>(null);
  const field = typed ?? known ?? '';
  const { detail, isOver, watch } = useLatestTask('category_fit');
  const isBusy = detail !== null && !isOver;
  const fit = useMutation(
    trpc.category.requestCategoryFit.mutationOptions({
      onSuccess: ({ id, status }) => {
        if (status === 'done') toast.info('This field was fitted within this hour already.');
        watch(id);
        setOpen(false);
      },
      onError: (error) => toast.error(errorText(error)),
    }),
  );
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (field.trim() !== '') fit.mutate({ field: field.trim() });
  };
  return (
    <>
      {isBusy && <ProgressBar share={null} label="Fitting categories" className="w-24" />}
      {detail?.task.status === 'failed' || detail?.task.status === 'refused' ? (
        <span className="max-w-64 truncate text-bad text-xs" title={detail.task.error?.message}>
          {detail.task.error?.message}
        </span>
      ) : null}
      <Tooltip content={refusal}>
        <Button
          size="small"
          isPending={isBusy}
          aria-disabled={refusal !== null}
          onClick={() => refusal === null && setOpen(true)}
        >
          {isBusy ? 'Fitting …' : known === null ? 'Fit' : 'Fit anew'}
        </Button>
      </Tooltip>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="Fit categories"
        hint="On the items of the collection that serves and the latest sessions."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button kind="primary" disabled={field.trim() === ''} isPending={fit.isPending} onClick={() => submit()}>
              Fit
            </Button>
          </>
        }
      >
        <form onSubmit={submit}>
          <TextField
            label="Payload field"
            hint="Holds an item’s category: a text or a list of texts. Dots for nesting."
            value={field}
            onChange={({ target }) => setTyped(target.value)}
          />
        </form>
      </Dialog>
    </>
  );
}
