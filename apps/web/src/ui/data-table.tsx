'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { classNames } from './class-names';

export interface Column<Row> {
  id: string;
  header: ReactNode;
  /** A CSS grid track; default: minmax(0, 1fr). */
  width?: string;
  align?: 'left' | 'right';
  /** Left out below 640 px. */
  isSecondary?: boolean;
  cell: (row: Row) => ReactNode;
}

export interface DataTableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** Opens a row: click or Enter. */
  onOpen?: (row: Row) => void;
  openKey?: string | null;
  /** Asked for when the end comes near. */
  onEndReached?: () => void;
  isLoadingMore?: boolean;
  /** Height of the scrolling area; default: fills 70 % of the window. */
  height?: string;
  rowHeight?: number;
  /** Below it the table scrolls sideways, a CSS length. */
  leastWidth?: string;
  /** Instead of rows. */
  empty?: ReactNode;
}

/** A list of any length: only the visible rows are in the document. Arrow keys move the focus, Enter opens. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, onOpen, openKey, onEndReached, isLoadingMore } = props;
  const { height = '70dvh', rowHeight = 40, leastWidth, empty } = props;
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 20) onEndReached?.();
  }, [last, rows.length, onEndReached]);
  const grid = columns.map(({ width = 'minmax(0, 1fr)' }) => width).join(' ');
  if (rows.length === 0 && empty !== undefined) return empty;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, row: Row, index: number) => {
    if (event.key === 'Enter') onOpen?.(row);
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    virtual.scrollToIndex(index + step);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${index + step}"]`)?.focus());
  };
  return (
    <div role="table" aria-label={label} aria-rowcount={rows.length + 1} className="min-w-0">
      <div className="overflow-x-auto">
        <div ref={box} className="overflow-y-auto" style={{ maxHeight: height, minWidth: leastWidth }}>
          <div role="rowgroup" className="sticky top-0 z-10 border-b bg-surface">
            <div role="row" className="grid gap-3 px-4 py-2" style={{ gridTemplateColumns: grid }}>
              {columns.map(({ id, header, align }) => (
                <div key={id} role="columnheader" className={headerLook(align)}>
                  {header}
                </div>
              ))}
            </div>
          </div>
          <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
            {shown.map(({ index, start, size }) => {
              const row = rows[index];
              if (row === undefined) return null;
              const key = rowKey(row);
              return (
                <div
                  key={key}
                  role="row"
                  aria-rowindex={index + 2}
                  data-index={index}
                  tabIndex={onOpen ? 0 : undefined}
                  aria-selected={onOpen ? key === openKey : undefined}
                  onClick={onOpen && (() => onOpen(row))}
                  onKeyDown={(event) => onKeyDown(event, row, index)}
                  className={classNames(
                    'absolute inset-x-0 grid items-center gap-3 border-b px-4 -outline-offset-2',
                    onOpen && 'cursor-pointer hover:bg-hover',
                    key === openKey && 'bg-selected hover:bg-selected',
                  )}
                  style={{ gridTemplateColumns: grid, height: size, transform: `translateY(${start}px)` }}
                >
                  {columns.map(({ id, align, cell }) => (
                    <div
                      key={id}
                      role="cell"
                      className={classNames('min-w-0 truncate', align === 'right' && 'nums text-right')}
                    >
                      {cell(row)}
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {isLoadingMore && <p className="px-4 py-2 text-ink-faint text-xs">Loading more …</p>}
    </div>
  );
}

function headerLook(align: 'left' | 'right' | undefined): string {
  return classNames('truncate font-medium text-2xs text-ink-faint', align === 'right' && 'text-right');
}
