'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTRPC } from '@/trpc/client';
import { Card } from '@/ui/card';
import { noValue } from '@/ui/format-number';
import { PlainTable } from '@/ui/plain-table';
import { QueryView } from '@/ui/query-view';
import { StatusBadge } from '@/ui/status-badge';
import { Time } from '@/ui/time';
import { kindTitle } from './kind-title';

const renewMs = 30_000;

/** What workers start by themselves, and when. */
export function ScheduleList() {
  const trpc = useTRPC();
  const query = useQuery(trpc.queue.listSchedules.queryOptions(undefined, { refetchInterval: renewMs }));
  return (
    <Card title="Schedules" hint="Workers ask for these by themselves; hours and days are UTC." isFlush>
      <QueryView query={query}>
        {(schedules) => (
          <PlainTable
            caption="Schedules"
            rows={schedules}
            rowKey={({ kind }) => kind}
            columns={[
              { id: 'kind', header: 'Job', cell: ({ kind }) => kindTitle(kind) },
              { id: 'every', header: 'Every', cell: ({ every }) => every },
              {
                id: 'next',
                header: 'Next run',
                cell: ({ nextAt }) => (nextAt === null ? noValue : <Time at={nextAt} />),
              },
              {
                id: 'last',
                header: 'Last run',
                cell: ({ last }) =>
                  last === null ? (
                    noValue
                  ) : (
                    <Link
                      href={`/queues?tab=jobs&job=${encodeURIComponent(last.id)}`}
                      className="underline underline-offset-2"
                    >
                      <Time at={last.createdAt} />
                    </Link>
                  ),
              },
              {
                id: 'status',
                header: 'Ended',
                cell: ({ last }) => (last === null ? noValue : <StatusBadge status={last.status} />),
              },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
