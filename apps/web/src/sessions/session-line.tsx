'use client';

import type { SessionRow } from '@embedding-studio/core';
import { Ban } from 'lucide-react';
import { memo } from 'react';
import { classNames } from '@/ui/class-names';
import { formatCount, formatDuration, noValue } from '@/ui/format-number';
import { Time } from '@/ui/time';
import { exclusionTitles } from './flag-words';
import { OutcomeBadge } from './outcome-badge';

export interface SessionLineProps {
  row: SessionRow;
  /** Place in the table, from 1; the head is the first. */
  number: number;
  isOpened: boolean;
  onOpen(sessionId: string): void;
}

const figure = 'nums px-2 text-right text-ink-soft';

export const SessionLine = memo(function SessionLine({ row, number, isOpened, onOpen }: SessionLineProps) {
  return (
    <tr
      data-session={row.sessionId}
      aria-rowindex={number}
      className={classNames('relative h-9 border-b hover:bg-hover', isOpened && 'bg-selected hover:bg-selected')}
    >
      <td className="truncate pr-2 pl-4 text-ink-faint text-xs">
        <Time at={row.at} />
      </td>
      <td className="px-2">
        <button
          type="button"
          aria-current={isOpened || undefined}
          className="block w-full truncate text-left after:absolute after:inset-0"
          onClick={() => onOpen(row.sessionId)}
        >
          {row.text || <span className="text-ink-faint">(no text)</span>}
        </button>
      </td>
      <td className={classNames(figure, 'hidden sm:table-cell')}>{formatCount(row.shown)}</td>
      <td className={classNames(figure, 'hidden sm:table-cell')}>{formatCount(row.clicks)}</td>
      <td className={classNames(figure, 'hidden md:table-cell')}>{formatCount(row.firstPosition)}</td>
      <td className={classNames(figure, 'hidden md:table-cell')}>
        {formatDuration(row.dwellSeconds === null ? null : row.dwellSeconds * 1_000)}
      </td>
      <td className="hidden truncate px-2 font-mono text-ink-soft text-xs 2xl:table-cell">{row.userId ?? noValue}</td>
      <td className="px-2">
        <span className="flex items-center gap-1.5">
          <OutcomeBadge flags={row.flags} />
          {row.exclusions.length > 0 && (
            <Ban
              role="img"
              aria-label={`Left out of training: ${row.exclusions.map((reason) => exclusionTitles[reason]).join(', ')}`}
              className="size-3.5 shrink-0 text-warn"
            />
          )}
        </span>
      </td>
    </tr>
  );
});
