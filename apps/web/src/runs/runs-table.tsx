'use client';

import type { RunRow } from '@embedding-studio/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { classNames } from '@/ui/class-names';
import { SkeletonRows } from '@/ui/skeleton';
import { RunTableRow, rowHeight } from './run-table-row';
import type { RunsQuery } from './use-runs';
import type { ChangeRunsState, RunsState } from './use-runs-state';

export interface RunsTableProps {
  query: RunsQuery;
  /** Keys of the columns after the fixed ones. */
  shown: readonly string[];
  state: RunsState;
  change: ChangeRunsState;
  baseline: RunRow | null;
}

/** Runs as rows; only those in sight are in the page. A click opens the run beside the table. */
export function RunsTable({ query, shown, state, change, baseline }: RunsTableProps) {
  const frame = useRef<HTMLElement>(null);
  const { runs, hasMore, loadMore } = query;
  const rows = useVirtualizer({
    count: runs.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1);
  useEffect(() => {
    if (hasMore && last !== undefined && last.index >= runs.length - 10) loadMore();
  }, [last, runs.length, hasMore, loadMore]);
  return (
    <section
      ref={frame}
      aria-label="Runs"
      className="h-[calc(100vh-250px)] min-h-72 overflow-auto rounded-lg border bg-surface"
      tabIndex={0}
    >
      <table className="w-full border-separate border-spacing-0" aria-rowcount={query.total + 1}>
        <thead className="sticky top-0 z-10 bg-surface text-ink-faint text-xs">
          <tr>
            <th className="w-8 border-b">
              <span className="sr-only">Marked</span>
            </th>
            <SortHead label="Name" column="name" {...{ state, change }} />
            <th className="border-b px-2 text-left font-normal">Status</th>
            <SortHead label="Started" column="started" {...{ state, change }} />
            {shown.map((key) => (
              <SortHead
                key={key}
                label={key.slice(key.indexOf('.') + 1)}
                column={key}
                {...{ state, change }}
                isNumber
              />
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={items[0]?.start ?? 0} />
          {items.map(({ index }) => {
            const run = runs[index];
            if (run === undefined) return null;
            return (
              <RunTableRow
                key={run.runId}
                {...{ run, shown, baseline }}
                place={index + 2}
                isOpen={state.run === run.runId}
                isMarked={state.marked.includes(run.runId)}
                onOpen={() => void change({ run: run.runId })}
                onMark={() => void change({ marked: toggle(state.marked, run.runId) })}
              />
            );
          })}
          <Spacer height={rows.getTotalSize() - (last?.end ?? 0)} />
        </tbody>
      </table>
      {query.isPending && <SkeletonRows rows={12} />}
      {runs.length === 0 && !query.isPending && (
        <p className="p-10 text-center text-ink-faint">No run matches. Clear the filters to see all of them.</p>
      )}
    </section>
  );
}

/** Stands for the rows that are out of sight. */
function Spacer({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden>
      <td style={{ height }} />
    </tr>
  );
}

export function toggle(values: readonly string[], value: string): string[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}

function SortHead(props: {
  label: string;
  column: string;
  state: RunsState;
  change: ChangeRunsState;
  isNumber?: boolean;
}) {
  const { label, column, state, change, isNumber } = props;
  const isSorted = state.sort === column;
  const Arrow = state.up ? ArrowUp : ArrowDown;
  return (
    <th
      aria-sort={isSorted ? (state.up ? 'ascending' : 'descending') : 'none'}
      className="min-w-24 border-b p-0 font-normal"
    >
      <button
        type="button"
        title={column}
        onClick={() => void change({ sort: column, up: isSorted ? !state.up : column === 'name' })}
        className={classNames(
          'flex w-full items-center gap-1 px-2 py-2 hover:text-ink',
          isNumber && 'flex-row-reverse',
          isSorted && 'font-medium text-ink',
        )}
      >
        <span className="truncate">{label}</span>
        {isSorted && <Arrow className="size-3 shrink-0" aria-hidden />}
      </button>
    </th>
  );
}
