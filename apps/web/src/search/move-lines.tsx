'use client';

import { gapWidth, rowHeight } from './board-grid';
import type { Compared } from './compared';

export interface MoveLinesProps {
  compared: Compared;
  /** The gap behind this column. */
  column: number;
  active: string | null;
}

/** Lines from each item's place on the left to its place on the right; the lists themselves say it to readers. */
export function MoveLines({ compared, column, active }: MoveLinesProps) {
  const pair = compared.pairs.find(({ columns: [left, right] }) => left === column && right === column + 1);
  const rows = Math.max(0, ...compared.columns.map(({ hits }) => hits.length));
  const middle = (rank: number) => (rank - 0.5) * rowHeight;
  return (
    <svg aria-hidden width={gapWidth} height={rows * rowHeight} className="block overflow-visible">
      {pair?.moves.map(({ itemId, left, right }) => {
        const isActive = active === itemId;
        const tone = left === right ? 'var(--line-strong)' : right < left ? 'var(--good)' : 'var(--warn)';
        const bend = gapWidth / 2;
        return (
          <path
            key={itemId}
            d={`M0 ${middle(left)} C ${bend} ${middle(left)}, ${bend} ${middle(right)}, ${gapWidth} ${middle(right)}`}
            fill="none"
            stroke={tone}
            strokeWidth={isActive ? 2.5 : 1.25}
            strokeDasharray={right > left ? '4 3' : undefined}
            opacity={active === null ? 0.65 : isActive ? 1 : 0.15}
          />
        );
      })}
    </svg>
  );
}
