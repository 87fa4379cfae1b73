'use client';

import type { SessionFilterInput, SessionNews, SessionRow } from '@embedding-studio/core';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useEffect, useRef, useState } from 'react';
import { useTRPC } from '@/trpc/client';

const keptMax = 1_000;

export interface LiveOptions {
  isOn: boolean;
  /** So many came while the connection was lost that the list should be read anew. */
  onMissed(count: number): void;
}

/** Sessions that came or changed since this began; a lost connection resumes behind the last one that arrived. */
export function useLiveSessions(
  filter: SessionFilterInput,
  { isOn, onMissed }: LiveOptions,
): { rows: SessionRow[]; isConnected: boolean } {
  const trpc = useTRPC();
  const [rows, setRows] = useState<SessionRow[]>([]);
  const key = JSON.stringify(filter);
  const lastKey = useRef(key);
  useEffect(() => {
    if (lastKey.current === key) return;
    lastKey.current = key;
    setRows([]);
  }, [key]);
  const { status } = useSubscription(
    trpc.session.watchSessions.subscriptionOptions(
      { filter },
      {
        enabled: isOn,
        onData: ({ data }: { data: SessionNews }) => {
          if (data.missed > 0) onMissed(data.missed);
          if (data.rows.length > 0) setRows((known) => keepLatest(known, data.rows));
        },
      },
    ),
  );
  return { rows, isConnected: isOn && status === 'pending' };
}

function keepLatest(known: readonly SessionRow[], news: readonly SessionRow[]): SessionRow[] {
  const fresh = new Set(news.map(({ sessionId }) => sessionId));
  return [...known.filter(({ sessionId }) => !fresh.has(sessionId)), ...news].slice(-keptMax);
}
