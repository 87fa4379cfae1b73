import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/trpc/client';
import { formatCount } from '@/ui/format-number';

/** Which sessions a training can take, which are chosen, and what to do where there are none. */
export function useBatches() {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.session.listBatches.queryOptions({ limit: 50 }));
  const [chosen, setBatchId] = useState<string | null>(null);
  const released = (data ?? []).filter(({ status }) => status === 'released');
  const open = data?.find(({ status }) => status === 'collecting');
  const isEmpty = (open?.sessionCount ?? 0) === 0;
  // Where nothing has been collected, the newest batch is what can be trained on.
  const batchId = chosen ?? (isEmpty ? (released[0]?.batchId ?? '') : '');
  return {
    ...{ batchId, setBatchId },
    fault: error?.message ?? null,
    /** What stands in the way of a start. */
    obstacle: data !== undefined && batchId === '' && isEmpty ? nothingCollected(released.length) : null,
    choices: [
      { value: '', label: isEmpty ? 'nothing collected yet' : `collected by now (${formatCount(open?.sessionCount)})` },
      ...released.map((batch) => ({
        value: batch.batchId,
        label: `${batch.batchId.slice(0, 12)} (${formatCount(batch.sessionCount)})`,
      })),
    ],
  };
}

function nothingCollected(released: number): string {
  const how = 'send sessions with clicks by the API or the SDK';
  return released === 0
    ? `No sessions yet: ${how}, then train on them.`
    : `No session has come in since the last batch: choose an earlier batch, or ${how} first.`;
}
