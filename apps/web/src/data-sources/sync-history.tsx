'use client';

import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { errorText } from '@/ui/error-text';
import { formatCount, formatDuration } from '@/ui/format-number';
import { PlainTable } from '@/ui/plain-table';
import { QueryView } from '@/ui/query-view';
import { StatusBadge } from '@/ui/status-badge';
import { Time } from '@/ui/time';
import { toast } from '@/ui/toast';
import { Tooltip } from '@/ui/tooltip';
import { type Sync, useRefreshSources } from './use-sources';

/** All syncs of a source, newest first, each with the items that failed in it. */
export function SyncHistory({ sourceId }: { sourceId: string }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const query = useInfiniteQuery({
    queryKey: [...trpc.dataSource.pathKey(), 'history', sourceId],
    queryFn: ({ pageParam, signal }) => client.dataSource.listSyncs.query({ sourceId, after: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const [openId, setOpenId] = useState<string | null>(null);
  return (
    <section>
      <h3 className="mb-2 font-semibold text-[13px]">Sync history</h3>
      <QueryView query={query}>
        {({ pages }) => {
          const syncs = pages.flatMap(({ rows }) => rows);
          if (syncs.length === 0)
            return <p className="text-ink-faint">Never synced. “Sync now” reads everything that the source has.</p>;
          return (
            <div className="rounded-md border">
              <PlainTable
                caption="Syncs"
                rows={syncs}
                rowKey={({ id }) => id}
                columns={[
                  { id: 'at', header: 'Started', cell: (sync) => <Time at={sync.startedAt ?? sync.createdAt} /> },
                  { id: 'mode', header: 'Mode', cell: ({ mode, isRetry }) => (isRetry ? 'retry' : mode) },
                  { id: 'status', header: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
                  { id: 'rows', header: 'Rows', align: 'right', cell: ({ rows }) => formatCount(rows) },
                  {
                    id: 'changed',
                    header: 'Changed',
                    align: 'right',
                    cell: ({ changed, unchanged }) => (
                      <span title={unchanged === null ? undefined : `${formatCount(unchanged)} came in as they were`}>
                        {formatCount(changed)}
                      </span>
                    ),
                  },
                  { id: 'deleted', header: 'Deleted', align: 'right', cell: ({ deleted }) => formatCount(deleted) },
                  {
                    id: 'failed',
                    header: 'Failed',
                    align: 'right',
                    cell: ({ id, failed, error }) =>
                      failed || error ? (
                        <Button
                          kind="quiet"
                          size="small"
                          aria-expanded={id === openId}
                          onClick={() => setOpenId(id === openId ? null : id)}
                        >
                          {failed ? formatCount(failed) : 'why'}
                        </Button>
                      ) : (
                        formatCount(failed)
                      ),
                  },
                  { id: 'took', header: 'Took', align: 'right', cell: (sync) => formatDuration(durationOf(sync)) },
                ]}
              />
              {query.hasNextPage && (
                <Button kind="quiet" size="small" className="m-2" onClick={() => void query.fetchNextPage()}>
                  Older
                </Button>
              )}
            </div>
          );
        }}
      </QueryView>
      {openId !== null && <SyncFailures key={openId} taskId={openId} />}
    </section>
  );
}

function durationOf({ startedAt, finishedAt }: Sync): number | null {
  return startedAt === null || finishedAt === null ? null : finishedAt.getTime() - startedAt.getTime();
}

function SyncFailures({ taskId }: { taskId: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.task.describeTask.queryOptions({ taskId }));
  const refresh = useRefreshSources();
  const refusal = useRefusal('engineer');
  const retry = useMutation(
    trpc.task.retryFailed.mutationOptions({
      onSuccess: () => toast.success('Only the failed items are tried again.'),
      onError: (error) => toast.error(errorText(error)),
      onSettled: refresh,
    }),
  );
  return (
    <QueryView query={query}>
      {({ task, failures, failuresCount }) => (
        <div className="mt-3 rounded-md border">
          {task.error !== null && <p className="border-b bg-bad-soft px-3 py-2 text-bad">{task.error.message}</p>}
          {failuresCount > 0 && (
            <>
              <div className="flex flex-wrap items-center gap-2 border-b px-3 py-2">
                <span className="font-medium">
                  {formatCount(failuresCount)} failed {failuresCount === 1 ? 'item' : 'items'}
                </span>
                <Tooltip content={refusal}>
                  <Button
                    size="small"
                    className="ml-auto"
                    isPending={retry.isPending}
                    aria-disabled={refusal !== null}
                    onClick={() => refusal === null && retry.mutate({ taskId })}
                  >
                    Retry the failed only
                  </Button>
                </Tooltip>
              </div>
              <PlainTable
                caption="Items that failed"
                rows={failures}
                rowKey={({ itemId }, index) => `${itemId}-${index}`}
                columns={[
                  { id: 'item', header: 'Item', cell: ({ itemId }) => <code className="text-xs">{itemId}</code> },
                  { id: 'stage', header: 'Step', cell: ({ stage }) => stage },
                  { id: 'why', header: 'Why', cell: ({ detail }) => detail },
                ]}
              />
            </>
          )}
        </div>
      )}
    </QueryView>
  );
}
