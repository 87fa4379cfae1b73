'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { classNames } from '@/ui/class-names';
import { formatDuration, noValue } from '@/ui/format-number';
import { ProgressBar } from '@/ui/progress-bar';
import { StatusBadge } from '@/ui/status-badge';
import { Time } from '@/ui/time';
import { kindTitle } from './kind-title';
import type { JobRow } from './queue-types';
import { shareOf } from './share-of';

export interface JobTableProps {
  rows: JobRow[];
  selected: string | null;
  onSelect: (id: string) => void;
  /** The last rows are in sight. */
  onEnd: () => void;
  isLoadingMore: boolean;
}

const rowPx = 44;
const columns = [
  ['Job', 'w-[24%]'],
  ['Status', 'w-28'],
  ['What it says', ''],
  ['Attempt', 'w-20'],
  ['Took', 'w-24'],
  ['Asked for', 'w-28'],
] as const;

/** A window onto very many rows; what is out of sight is two spacers. */
export function JobTable({ rows, selected, onSelect, onEnd, isLoadingMore }: JobTableProps) {
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    ...{ count: rows.length, estimateSize: () => rowPx, overscan: 12 },
    getScrollElement: () => scroller.current,
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && lastShown >= rows.length - 20) onEnd();
  }, [lastShown, rows.length, onEnd]);
  return (
    <section ref={scroller} tabIndex={0} aria-label="Jobs" className="max-h-[min(70dvh,44rem)] overflow-auto">
      <table aria-rowcount={-1} className="w-full min-w-[52rem] table-fixed">
        <thead className="sticky top-0 z-10 bg-surface shadow-[0_1px_0_var(--line)]">
          <tr>
            {columns.map(([name, width]) => (
              <th key={name} className={classNames('px-3 py-2 text-left font-medium text-ink-faint text-xs', width)}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden style={{ height: before }} />}
          {items.map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return <JobLine key={row.id} row={row} isSelected={row.id === selected} onSelect={onSelect} />;
          })}
          {after > 0 && <tr aria-hidden style={{ height: after }} />}
        </tbody>
      </table>
      {isLoadingMore && <p className="px-4 py-2 text-ink-faint">Loading older jobs…</p>}
    </section>
  );
}

function JobLine({ row, isSelected, onSelect }: { row: JobRow; isSelected: boolean; onSelect: (id: string) => void }) {
  const { startedAt, finishedAt } = row;
  const took = startedAt !== null && finishedAt !== null ? finishedAt.getTime() - startedAt.getTime() : null;
  return (
    <tr
      className={classNames('cursor-pointer border-b hover:bg-hover', isSelected && 'bg-selected hover:bg-selected')}
      style={{ height: rowPx }}
      onClick={() => onSelect(row.id)}
    >
      <td className="px-3">
        <button
          type="button"
          className="block max-w-full truncate font-medium leading-4 hover:underline"
          onClick={() => onSelect(row.id)}
        >
          {kindTitle(row.kind)}
        </button>
        <span className="block truncate font-mono text-2xs text-ink-faint">{row.id}</span>
      </td>
      <td className="px-3">
        <StatusBadge status={row.cancelRequested && row.status === 'processing' ? 'canceling' : row.status} />
      </td>
      <td className="px-3">
        <Saying row={row} />
      </td>
      <td className="nums px-3">
        {row.attempt} <span className="text-ink-faint">/ {row.attemptsMax}</span>
      </td>
      <td className="nums px-3">{took === null ? noValue : formatDuration(took)}</td>
      <td className="px-3 text-ink-soft">
        <Time at={row.createdAt} />
      </td>
    </tr>
  );
}

function Saying({ row }: { row: JobRow }) {
  if (row.error !== null)
    return (
      <span className="block truncate text-bad text-xs" title={row.error.message}>
        <span className="font-mono">{row.error.code}</span> {row.error.message}
      </span>
    );
  if (row.status === 'processing' && row.progress !== null)
    return <ProgressBar label={row.progress.note} share={shareOf(row.progress)} />;
  if (row.status === 'pending' && row.notBefore !== null)
    return (
      <span className="text-ink-soft text-xs">
        not before <Time at={row.notBefore} />
      </span>
    );
  return <span className="block truncate text-ink-faint text-xs">{row.progress?.note ?? noValue}</span>;
}
