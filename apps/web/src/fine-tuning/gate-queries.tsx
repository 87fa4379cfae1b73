'use client';

import type { GateQueryPage } from '@embedding-studio/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useTRPC, useTRPCClient } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { formatCount, formatDecimal, formatDelta } from '@/ui/format-number';
import { LabelledSelect } from '@/ui/labelled-select';
import { Segmented } from '@/ui/segmented';
import { Switch } from '@/ui/switch';
import { inputLook } from '@/ui/text-field';

const outcomes = ['all', 'loss', 'tie', 'win'] as const;
const orders = ['worst', 'best', 'query'] as const;

export interface GateQueriesProps {
  jobId: string;
  counts: { wins: number; ties: number; losses: number } | null;
}

/** Every query that the gate asked: who wins, who loses, worst regression first. */
export function GateQueries({ jobId, counts }: GateQueriesProps) {
  const [state, change] = useQueryStates({
    outcome: parseAsStringLiteral(outcomes).withDefault('all'),
    order: parseAsStringLiteral(orders).withDefault('worst'),
    segment: parseAsString,
    unseen: parseAsBoolean.withDefault(false),
    find: parseAsString.withDefault(''),
  });
  const query = useGateQueries(jobId, state);
  const first = query.data?.pages[0];
  if (first?.isKnown === false) return null;
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const label = {
    all: 'All',
    loss: `Losses ${counts?.losses ?? ''}`,
    tie: `Ties ${counts?.ties ?? ''}`,
    win: `Wins ${counts?.wins ?? ''}`,
  };
  return (
    <Card title="Wins and losses by query" hint="nDCG@10 of the list before and after" isFlush>
      <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
        <Segmented
          label="Outcome"
          value={state.outcome}
          options={outcomes.map((value) => ({ value, title: label[value] }))}
          onChange={(outcome) => void change({ outcome })}
        />
        <LabelledSelect
          label="Order"
          value={state.order}
          choices={[
            { value: 'worst', label: 'worst first' },
            { value: 'best', label: 'best first' },
            { value: 'query', label: 'by query' },
          ]}
          onChange={(order) => void change({ order: orders.find((known) => known === order) ?? 'worst' })}
        />
        <LabelledSelect
          label="Segment"
          value={state.segment ?? ''}
          choices={[{ value: '', label: 'any' }, ...(first?.segments ?? []).map((value) => ({ value, label: value }))]}
          onChange={(segment) => void change({ segment: segment || null })}
        />
        <input
          aria-label="Find queries"
          placeholder="Find a query"
          value={state.find}
          onChange={(event) => void change({ find: event.target.value })}
          className={classNames(inputLook, 'h-7 w-40')}
        />
        <Switch label="Unseen only" isOn={state.unseen} onChange={(unseen) => void change({ unseen })} />
        <span className="nums ml-auto text-ink-faint text-xs">{formatCount(first?.total)} queries</span>
      </div>
      {query.error && <p className="p-4 text-bad text-xs">{query.error.message}</p>}
      <QueryTable rows={rows} />
      {query.hasNextPage && (
        <Button
          className="m-3"
          size="small"
          isPending={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </Card>
  );
}

interface Filter {
  outcome: (typeof outcomes)[number];
  order: (typeof orders)[number];
  segment: string | null;
  unseen: boolean;
  find: string;
}

function useGateQueries(jobId: string, { outcome, order, segment, unseen, find }: Filter) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const input = {
    ...{ jobId, order, unseenOnly: unseen, limit: 100 },
    outcome: outcome === 'all' ? undefined : outcome,
    segment: segment ?? undefined,
    text: find || undefined,
  };
  return useInfiniteQuery({
    queryKey: [...trpc.fineTuning.listGateQueries.queryKey(input), 'pages'],
    queryFn: ({ pageParam, signal }) =>
      client.fineTuning.listGateQueries.query({ ...input, after: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

function QueryTable({ rows }: { rows: GateQueryPage['rows'] }) {
  const widest = Math.max(0.05, ...rows.map(({ delta }) => Math.abs(delta)));
  return (
    <section className="max-h-[480px] overflow-auto" aria-label="Queries of the gate" tabIndex={0}>
      <table className="w-full text-xs">
        <thead className="sticky top-0 bg-surface text-ink-faint">
          <tr className="border-b">
            <th className="px-4 py-2 text-left font-normal">Query</th>
            <th className="px-2 text-right font-normal">Before</th>
            <th className="px-2 text-right font-normal">After</th>
            <th className="w-40 px-4 text-right font-normal">Change</th>
          </tr>
        </thead>
        <tbody className="nums">
          {rows.map((row) => (
            <tr key={row.queryId} className="border-b hover:bg-hover" data-outcome={row.outcome}>
              <td className="max-w-0 truncate px-4 py-1.5">
                {row.query} {row.isUnseen && <Badge className="ml-1">unseen</Badge>}
              </td>
              <td className="px-2 text-right">{formatDecimal(row.before, 3)}</td>
              <td className="px-2 text-right">{formatDecimal(row.after, 3)}</td>
              <td className="px-4 text-right">
                <span className="flex items-center justify-end gap-2">
                  <span
                    aria-hidden
                    className={classNames('block h-2 rounded-sm', row.delta < 0 ? 'bg-bad' : 'bg-good')}
                    style={{ width: `${(60 * Math.abs(row.delta)) / widest}px` }}
                  />
                  {row.outcome === 'tie' ? <span className="text-ink-faint">tie</span> : formatDelta(row.delta, 3)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className="p-6 text-center text-ink-faint">No query matches.</p>}
    </section>
  );
}
