'use client';

import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { formatCount } from '@/ui/format-number';
import { formatAbsolute, Time } from '@/ui/time';
import { WideTable } from '@/ui/wide-table';
import type { ReadoutRow } from './experiment-types';
import { useReadouts } from './use-readout';
import { VerdictBadge } from './verdict-badge';

const columns = [
  { title: 'Read-out' },
  { title: 'Verdict' },
  { title: 'Units', align: 'right' },
  { title: 'First reason' },
  { title: 'Window', hint: 'Sessions that went in' },
  { title: 'Made of', hint: 'Versions of definition and statistics, hash of everything that went in' },
] as const;

/** Snapshots that never change: the same definition, facts and statistics give the same one. */
export function HistoryCard({ experimentId, readoutId }: { experimentId: string; readoutId: string }) {
  const query = useReadouts(experimentId, readoutId);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  if (rows.length === 0) return null;
  return (
    <Card title="Read-outs" hint="Snapshots that never change; one more only where the facts have changed." isFlush>
      <WideTable label="Read-outs" columns={columns} leastWidth="40rem">
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </WideTable>
      {query.hasNextPage && (
        <div className="border-t p-3 text-center">
          <Button isPending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Older read-outs
          </Button>
        </div>
      )}
    </Card>
  );
}

function Row({ row }: { row: ReadoutRow }) {
  return (
    <tr>
      <td className="px-3 py-2">
        <Time at={row.createdAt} />
        <div className="max-w-40 truncate font-mono text-2xs text-ink-faint" title={row.id}>
          {row.id}
        </div>
      </td>
      <td className="px-3 py-2">
        <VerdictBadge verdict={row.verdict} arm={row.arm} />
      </td>
      <td className="nums px-3 py-2 text-right">{formatCount(row.units)}</td>
      <td className="max-w-72 px-3 py-2 text-ink-soft">
        <span className="line-clamp-2" title={row.reason ?? undefined}>
          {row.reason}
        </span>
      </td>
      <td className="px-3 py-2 text-ink-soft text-xs">
        {formatAbsolute(row.from)}
        <br />
        {formatAbsolute(row.to)}
      </td>
      <td className="nums px-3 py-2 text-ink-faint text-xs" title={row.inputHash}>
        definition {row.definitionVersion}, statistics {row.statsVersion}
        <div className="font-mono text-2xs">{row.inputHash.slice(0, 10)}…</div>
      </td>
    </tr>
  );
}
