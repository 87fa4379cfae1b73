'use client';

import type { QueryTally as Tally } from '@embedding-studio/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { sessionsHref } from '@/sessions/sessions-href';
import { useTRPC } from '@/trpc/client';
import { Card } from '@/ui/card';
import { formatCount, formatShare } from '@/ui/format-number';
import { type PlainColumn, PlainTable } from '@/ui/plain-table';
import { QueryView } from '@/ui/query-view';
import { usePeriod } from './period-switch';

export interface QueryListProps {
  title: string;
  hint: string;
  order: 'frequent' | 'zero';
  /** What it means that the list is empty. */
  nothing: string;
}

export function QueryList({ title, hint, order, nothing }: QueryListProps) {
  const [period] = usePeriod();
  const trpc = useTRPC();
  const found = useQuery({
    ...trpc.analytics.listTopQueries.queryOptions({ period, order, limit: 10 }),
    placeholderData: keepPreviousData,
  });
  const columns: PlainColumn<Tally>[] = [
    {
      id: 'query',
      header: 'Query',
      cell: ({ query }) => (
        <Link
          href={sessionsHref({ query, flags: order === 'zero' ? ['counted', 'zeroResult'] : ['counted'] })}
          className="break-words hover:underline"
        >
          {query}
        </Link>
      ),
    },
    { id: 'searches', header: 'Searches', align: 'right', cell: ({ searches }) => formatCount(searches) },
    order === 'zero'
      ? {
          id: 'zero',
          header: 'No result',
          align: 'right',
          cell: (tally) => formatCount(tally.searches - tally.answered),
        }
      : { id: 'clicked', header: 'Clicked', align: 'right', cell: (tally) => formatShare(clickShare(tally), 0) },
  ];
  return (
    <Card title={title} hint={hint} isFlush>
      <QueryView query={found}>
        {({ queries }) =>
          queries.length === 0 ? (
            <p className="px-4 py-10 text-center text-ink-faint">{nothing}</p>
          ) : (
            <PlainTable caption={title} columns={columns} rows={queries} rowKey={({ query }) => query} />
          )
        }
      </QueryView>
    </Card>
  );
}

function clickShare({ answered, clicked }: Tally): number | null {
  return answered === 0 ? null : clicked / answered;
}
