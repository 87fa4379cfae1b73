'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useMemo } from 'react';
import { mergeRows } from '@/sessions/merge-rows';
import { OutcomeBadge } from '@/sessions/outcome-badge';
import { sessionsHref } from '@/sessions/sessions-href';
import { useLiveSessions } from '@/sessions/use-live-sessions';
import { useTRPC } from '@/trpc/client';
import { Card } from '@/ui/card';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';
import { Time } from '@/ui/time';

const rowsMax = 10;
const filter = {};

/** The latest searches, as they come in. */
export function RecentActivity() {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.session.listSessions.queryOptions({ limit: rowsMax }));
  const live = useLiveSessions(filter, { isOn: true, onMissed: () => void refetch() });
  const rows = useMemo(() => mergeRows(data?.rows ?? [], live.rows).slice(0, rowsMax), [data, live.rows]);
  return (
    <Card
      title="Recent activity"
      hint={live.isConnected ? 'Live' : 'Connecting…'}
      isFlush
      actions={
        <Link href="/sessions?live=true" className="font-medium text-accent text-xs hover:underline">
          All sessions
        </Link>
      }
    >
      {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {error === null && data === undefined && <SkeletonRows />}
      {data !== undefined && rows.length === 0 && (
        <p className="px-4 py-8 text-center text-ink-faint">Searches show up here as they happen.</p>
      )}
      <ul>
        {rows.map((row) => (
          <li key={row.sessionId} className="border-b last:border-0">
            <Link
              href={sessionsHref({ session: row.sessionId })}
              className="flex items-center gap-3 px-4 py-1.5 hover:bg-hover"
            >
              <span className="w-20 shrink-0 text-ink-faint text-xs">
                <Time at={row.at} />
              </span>
              <span className="min-w-0 flex-1 truncate">{row.text || '(no text)'}</span>
              <OutcomeBadge flags={row.flags} />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
