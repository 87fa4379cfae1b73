'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Button } from '@/ui/button';
import { formatBytes, formatCount, formatDecimal, formatShare } from '@/ui/format-number';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import { type Check, type CollectionState, recallMin } from './collection-state';
import { RecallSparkline } from './recall-sparkline';

const queries = 50;

/** How much of the exact answer the index finds, measured on the collection's own queries, over time. */
export function CheckHistory({ state }: { state: CollectionState }) {
  const collectionId = state.collection.id;
  const trpc = useTRPC();
  const { data: checks = [] } = useQuery(trpc.collection.listChecks.queryOptions({ collectionId }));
  return (
    <section>
      <div className="mb-2 flex items-center gap-2">
        <h3 className="flex-1 font-semibold">Index quality</h3>
        <CheckNow collectionId={collectionId} />
      </div>
      {checks.length === 0 ? (
        <p className="text-ink-faint text-xs">
          Not checked yet. A check asks {queries} of the collection’s own queries with the index and exactly, and
          compares the ten nearest.
        </p>
      ) : (
        <>
          {checks[0] && <Advice check={checks[0]} />}
          {checks.length > 1 && <RecallSparkline checks={checks} />}
          <CheckTable checks={checks} />
        </>
      )}
    </section>
  );
}

function CheckNow({ collectionId }: { collectionId: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const refusal = useRefusal('engineer');
  const { mutate, isPending } = useMutation(
    trpc.collection.recordCheck.mutationOptions({
      onSuccess: ({ check }) => {
        toast.success(`recall@10 is ${formatDecimal(check.recall10)} on ${check.queries} queries`);
        return queryClient.invalidateQueries(trpc.collection.pathFilter());
      },
      onError: (error) => toast.error(`Not checked: ${error.message}`),
    }),
  );
  return (
    <Button
      size="small"
      disabled={refusal !== null}
      title={refusal ?? undefined}
      isPending={isPending}
      onClick={() => mutate({ collectionId, queries })}
    >
      <Gauge aria-hidden /> {isPending ? 'Checking…' : 'Check index quality'}
    </Button>
  );
}

function Advice({ check: { check } }: { check: Check }) {
  if (check.advice.length === 0)
    return <p className="mb-2 rounded-md bg-good-soft px-3 py-2 text-good text-xs">All is well at the last check.</p>;
  return (
    <ul className="mb-2 list-disc space-y-1 rounded-md bg-warn-soft py-2 pr-3 pl-7 text-warn text-xs">
      {check.advice.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function CheckTable({ checks }: { checks: readonly Check[] }) {
  return (
    <div className="mt-2 max-h-56 overflow-auto" role="region" aria-label="Checks" tabIndex={0}>
      <table className="w-full text-xs">
        <thead>
          <tr className="border-b text-left text-ink-faint">
            {['When', 'recall@10', 'Drift', 'Beam', 'Items', 'Dead', 'Index'].map((title, at) => (
              <th key={title} scope="col" className={`py-1.5 pr-3 font-normal ${at > 0 ? 'text-right' : ''}`}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="nums">
          {checks.map(({ id, at, check }) => (
            <tr key={id} className="border-b text-right last:border-b-0">
              <td className="py-1.5 pr-3 text-left">
                <Time at={at} />
              </td>
              <td className={`py-1.5 pr-3 ${check.recall10 < recallMin ? 'font-semibold text-bad' : ''}`}>
                {formatDecimal(check.recall10)}
              </td>
              <DriftCell drift={check.drift ?? null} />
              <td className="py-1.5 pr-3">{check.efSearch}</td>
              <td className="py-1.5 pr-3">{formatCount(check.items)}</td>
              <td className="py-1.5 pr-3">{formatShare(check.deadShare, 0)}</td>
              <td className="py-1.5 pr-3">{formatBytes(check.indexBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function DriftCell({ drift }: { drift: Check['check']['drift'] | null }) {
  if (!drift)
    return (
      <td className="py-1.5 pr-3 text-ink-faint" title="Too few queries, before or in the last seven days">
        –
      </td>
    );
  const { area, lower, upper, before, recent } = drift;
  const title = `${formatDecimal(lower, 2)} to ${formatDecimal(upper, 2)}; ${recent} queries of the last seven days beside ${before} from before this index. 0.5: alike, 1: wholly other.`;
  return (
    <td className={`py-1.5 pr-3 ${lower > 0.6 ? 'font-semibold text-bad' : ''}`} title={title}>
      {formatDecimal(area, 2)}
    </td>
  );
}
