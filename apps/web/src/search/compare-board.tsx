'use client';

import { type KeyboardEvent, useRef, useState } from 'react';
import { classNames } from '@/ui/class-names';
import { gridColumn } from './board-grid';
import type { Compared } from './compared';
import { HitRow } from './hit-row';
import { MoveLines } from './move-lines';
import { useJudging } from './use-judging';
import type { Playground } from './use-playground';

export interface CompareBoardProps {
  compared: Compared;
  playground: Playground;
  /** Answers of the question before, while the new ones are on their way. */
  isStale: boolean;
}

const steps: Record<string, [number, number]> = {
  j: [0, 1],
  ArrowDown: [0, 1],
  k: [0, -1],
  ArrowUp: [0, -1],
  l: [1, 0],
  ArrowRight: [1, 0],
  h: [-1, 0],
  ArrowLeft: [-1, 0],
};

/** The lists of all columns as cells of the page's grid, and the lines between them. */
export function CompareBoard({ compared, playground, isStale }: CompareBoardProps) {
  const [hovered, setHovered] = useState<string | null>(null);
  const board = useRef<HTMLDivElement>(null);
  const { judge, refusal } = useJudging(compared.query);
  const onKeyDown = (event: KeyboardEvent) => {
    const cell = findCell(event);
    if (cell === null || event.metaKey || event.ctrlKey || event.altKey) return;
    const itemId = compared.columns[cell.column]?.hits[cell.row]?.itemId;
    const step = steps[event.key];
    if (step) board.current?.querySelector<HTMLElement>(selectorOf(cell, step))?.focus();
    else if (itemId !== undefined && /^[0-3]$/.test(event.key)) judge(itemId, Number(event.key));
    else if (itemId !== undefined && event.key === 'x') judge(itemId, null);
    else return;
    event.preventDefault();
  };
  const active = hovered ?? playground.item;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys act on the focused result, which is a button.
    <div ref={board} className="contents" onKeyDown={onKeyDown}>
      {compared.columns.map((column, index) => (
        <ResultList
          // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places.
          key={index}
          label={`Results of column ${index + 1}`}
          style={{ gridColumn: gridColumn(index), gridRow: 2 }}
          isStale={isStale}
          failure={column.failure?.message ?? null}
          isEmpty={column.hits.length === 0}
        >
          {column.hits.map(({ itemId }, row) => (
            <HitRow
              key={itemId}
              {...{ compared, column: index, row, refusal }}
              isActive={active === itemId}
              isSelected={playground.item === itemId}
              onHover={setHovered}
              onOpen={(opened) => void playground.select(opened)}
              onJudge={judge}
            />
          ))}
        </ResultList>
      ))}
      {compared.columns.slice(1).map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: gaps are their places.
        <div key={index} style={{ gridColumn: gridColumn(index) + 1, gridRow: 2 }} className="pt-px">
          <MoveLines compared={compared} column={index} active={active} />
        </div>
      ))}
    </div>
  );
}

function findCell(event: KeyboardEvent): { column: number; row: number } | null {
  const place = (event.target as HTMLElement).dataset.cell?.split(':').map(Number);
  const [column, row] = place ?? [];
  return column === undefined || row === undefined ? null : { column, row };
}

function selectorOf({ column, row }: { column: number; row: number }, [across, down]: [number, number]): string {
  return `[data-cell="${column + across}:${row + down}"]`;
}

interface ResultListProps {
  label: string;
  style: React.CSSProperties;
  isStale: boolean;
  failure: string | null;
  isEmpty: boolean;
  children: React.ReactNode;
}

function ResultList({ label, style, isStale, failure, isEmpty, children }: ResultListProps) {
  if (failure !== null || isEmpty) {
    return (
      <div style={style} className="rounded-b-lg border border-t-0 bg-surface p-4">
        {failure === null ? (
          <p className="text-ink-faint">Nothing is found: loosen the filter, or search by meaning.</p>
        ) : (
          <p className="text-bad">{failure}</p>
        )}
      </div>
    );
  }
  return (
    <ol
      aria-label={label}
      style={style}
      className={classNames('self-start rounded-b-lg border border-t-0 bg-surface', isStale && 'opacity-60')}
    >
      {children}
    </ol>
  );
}
