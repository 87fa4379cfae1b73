'use client';

import type { BulkAction } from '@embedding-studio/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { formatCount } from '@/ui/format-number';
import { toast } from '@/ui/toast';
import { Tooltip } from '@/ui/tooltip';
import type { JobFilter } from './queue-types';

interface Plan {
  action: BulkAction;
  token: string;
  count: number;
  isCapped: boolean;
}

const stays = { duration: Number.POSITIVE_INFINITY };

/** Retries or cancels what the filter shows, after saying how many that are. */
export function BulkActions({ filter }: { filter: JobFilter }) {
  const client = useTRPCClient();
  const queries = useQueryClient();
  const refusal = useRefusal('engineer');
  const [, setJobId] = useQueryState('job', parseAsString);
  const [plan, setPlan] = useState<Plan | null>(null);
  const preview = useMutation({
    mutationFn: (action: BulkAction) => client.task.previewBulk.query({ action, filter }),
    onSuccess: ({ token, counts }, action) => {
      if (counts.total === 0)
        toast.info(`No job of this filter can be ${action === 'retry' ? 'retried' : 'canceled'}.`);
      else setPlan({ action, token, count: counts.total, isCapped: counts.isCapped });
    },
    onError: (error) => toast.error(error.message, stays),
  });
  const start = useMutation({
    mutationFn: ({ token }: Plan) => client.task.requestBulk.mutate({ token }),
    onSuccess: ({ id }) => {
      setPlan(null);
      toast.success('Started as a job of its own.', { action: { label: 'Watch', onClick: () => void setJobId(id) } });
      void queries.invalidateQueries({ queryKey: ['jobs'] });
    },
    onError: (error) => toast.error(error.message, stays),
  });
  const button = (action: BulkAction, label: string) => (
    <Tooltip content={refusal ?? `Counts first, then asks`}>
      <Button
        size="small"
        aria-disabled={refusal !== null}
        isPending={preview.isPending}
        onClick={() => refusal === null && preview.mutate(action)}
      >
        {label}
      </Button>
    </Tooltip>
  );
  const number = plan === null ? '' : `${formatCount(plan.count)}${plan.isCapped ? ' or more' : ''}`;
  const verb = plan?.action === 'retry' ? 'Retry' : 'Cancel';
  return (
    <span className="flex gap-2">
      {button('retry', 'Retry filtered')}
      {button('cancel', 'Cancel filtered')}
      <ConfirmDialog
        key={plan?.token}
        isOpen={plan !== null}
        onOpenChange={(isOpen) => !isOpen && setPlan(null)}
        title={`${verb} ${number} ${plan?.count === 1 ? 'job' : 'jobs'}?`}
        typed={plan !== null && plan.count > 1 ? String(plan.count) : undefined}
        confirm={`${verb} ${number}`}
        isDestructive={plan?.action === 'cancel'}
        isPending={start.isPending}
        onConfirm={() => plan !== null && start.mutate(plan)}
      >
        <p>Exactly the jobs that meet the filter now; jobs that are made from here on are not among them.</p>
        <p>
          {plan?.action === 'retry'
            ? 'Each goes on from its last checkpoint. Undo: cancel the same filter.'
            : 'Waiting jobs end at once, running ones at their next checkpoint. Undo: retry the same filter.'}
        </p>
      </ConfirmDialog>
    </span>
  );
}
