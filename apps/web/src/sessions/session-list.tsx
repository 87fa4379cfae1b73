'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { ErrorState } from '@/ui/error-state';
import { SkeletonRows } from '@/ui/skeleton';
import { SessionHead } from './session-head';
import { SessionLine } from './session-line';
import { SessionsEmpty } from './sessions-empty';
import type { SessionRows } from './use-session-rows';

const lineHeight = 36;
const aheadOfEnd = 20;

export interface SessionListProps {
  list: SessionRows;
  opened: string | null;
  isFiltered: boolean;
  onOpen(sessionId: string): void;
}

export function SessionList({ list, opened, isFiltered, onOpen }: SessionListProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { rows, hasMore, loadMore } = list;
  const virtual = useVirtualizer({
    ...{ count: rows.length, overscan: 12, estimateSize: () => lineHeight },
    getScrollElement: () => frame.current,
    getItemKey: (at) => rows[at]?.sessionId ?? at,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastShown >= rows.length - aheadOfEnd) loadMore();
  }, [hasMore, lastShown, rows.length, loadMore]);
  if (list.error !== null) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (list.isFirstLoad) return <SkeletonRows rows={16} />;
  if (rows.length === 0) return <SessionsEmpty isFiltered={isFiltered} />;
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <section
      ref={frame}
      aria-label="Sessions, newest first"
      tabIndex={0}
      className="h-[calc(100dvh-8.5rem)] min-h-80 overflow-y-auto rounded-lg border bg-surface"
    >
      <table aria-rowcount={hasMore ? -1 : rows.length + 1} className="w-full table-fixed">
        <SessionHead />
        <tbody>
          {above > 0 && <Gap height={above} />}
          {items.map(({ index, key }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <SessionLine key={key} row={row} number={index + 2} isOpened={row.sessionId === opened} onOpen={onOpen} />
            );
          })}
          {below > 0 && <Gap height={below} />}
        </tbody>
      </table>
      {list.isLoadingMore && <p className="py-2 text-center text-ink-faint text-xs">Loading more…</p>}
    </section>
  );
}

/** Stands for the rows that are scrolled away; spans no column that may be hidden, or it would make one. */
function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={2} style={{ height }} className="p-0" />
    </tr>
  );
}
