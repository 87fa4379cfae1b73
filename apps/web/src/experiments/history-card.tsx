'use client';

import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
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
  { title: 'Sessions until', hint: 'From the start of the experiment' },
  { title: 'Made of', hint: 'Versions of definition and statistics, hash of everything that went in' },
] as const;

interface HistoryCardProps {
  experimentId: string;
  newestId: string;
  /** What stands above. */
  shownId: string;
  onOpen: (readoutId: string) => void;
}

/** Snapshots that never change: the same definition, facts and statistics give the same one. */
export function HistoryCard({ experimentId, newestId, shownId, onOpen }: HistoryCardProps) {
  const query = useReadouts(experimentId, newestId);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  if (rows.length === 0) return null;
  return (
    <Card title="Read-outs" hint="Snapshots that never change; one more only where the facts have changed." isFlush>
      <WideTable label="Read-outs" columns={columns} leastWidth="48rem">
        {rows.map((row) => (
          <Row key={row.id} row={row} isShown={row.id === shownId} onOpen={() => onOpen(row.id)} />
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

function Row({ row, isShown, onOpen }: { row: ReadoutRow; isShown: boolean; onOpen: () => void }) {
  return (
    <tr className={classNames('cursor-pointer', isShown ? 'bg-selected' : 'hover:bg-hover')} onClick={onOpen}>
      <td className="px-3 py-2">
        <button
          type="button"
          className="font-medium hover:underline"
          aria-current={isShown || undefined}
          onClick={(event) => {
            event.stopPropagation();
            onOpen();
          }}
        >
          <Time at={row.createdAt} />
        </button>
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
      <td className="whitespace-nowrap px-3 py-2 text-ink-soft text-xs" title={`from ${formatAbsolute(row.from)}`}>
        {formatAbsolute(row.to)}
      </td>
      <td className="nums px-3 py-2 text-ink-faint text-xs" title={row.inputHash}>
        definition {row.definitionVersion}, statistics {row.statsVersion}
        <div className="font-mono text-2xs">{row.inputHash.slice(0, 10)}…</div>
      </td>
    </tr>
  );
}
