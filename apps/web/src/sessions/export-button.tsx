'use client';

import type { SessionFilterInput } from '@embedding-studio/core';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPCClient } from '@/trpc/client';
import { Button } from '@/ui/button';
import { formatCompact, formatCount } from '@/ui/format-number';
import { toast } from '@/ui/toast';

const sessionsMax = 20_000;

/** Saves the filtered sessions with their events as JSON lines; the newest 20,000 at most. */
export function ExportButton({ filter, total }: { filter: SessionFilterInput; total: number | null }) {
  const client = useTRPCClient();
  const refusal = useRefusal('analyst');
  const [done, setDone] = useState<number | null>(null);
  const start = async () => {
    setDone(0);
    try {
      const parts: string[] = [];
      let sessions = 0;
      for (let cursor: string | null = null; ; ) {
        const part: { lines: string; sessions: number; next: string | null } =
          await client.session.exportSessions.query({ filter, cursor });
        parts.push(part.lines);
        sessions += part.sessions;
        setDone(sessions);
        cursor = part.next;
        if (cursor === null || sessions >= sessionsMax) break;
      }
      save(parts);
      toast.success(`${formatCount(sessions)} sessions saved as sessions.jsonl`);
    } catch (error) {
      toast.error(`The export stopped: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      setDone(null);
    }
  };
  const text = done === null ? 'Export' : `${formatCount(done)} of ${formatCompact(Math.min(total ?? 0, sessionsMax))}`;
  return (
    <Button
      isPending={done !== null}
      disabled={refusal !== null || total === 0}
      title={refusal ?? 'JSON lines of the filtered sessions, the newest 20,000 at most'}
      onClick={() => void start()}
    >
      <Download />
      {text}
    </Button>
  );
}

function save(parts: string[]): void {
  const url = URL.createObjectURL(new Blob(parts, { type: 'application/jsonl' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: 'sessions.jsonl' });
  link.click();
  URL.revokeObjectURL(url);
}
