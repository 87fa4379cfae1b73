'use client';

import type { TierRow } from '@embedding-studio/contracts';
import { useWidth } from '@/charts/use-width';
import { formatDelta } from '@/ui/format-number';

const widthMax = 560;
const rowHeight = 26;
const left = 40;
const right = 12;

/** Mean gain of each tier with its interval, beside the line of no gain; the table below has the numbers. */
export function TierIntervals({ rows }: { rows: TierRow[] }) {
  const [frame, free] = useWidth();
  const width = Math.min(widthMax, free);
  const known = rows.flatMap(({ tier, status, delta }) => (delta === null ? [] : [{ tier, status, delta }]));
  const low = Math.min(-0.001, ...known.map(({ delta }) => delta.lo));
  const high = Math.max(0.001, ...known.map(({ delta }) => delta.hi));
  const x = (value: number) => left + ((value - low) / (high - low)) * Math.max(0, width - left - right);
  const bottom = known.length * rowHeight + 4;
  return (
    <div ref={frame}>
      <svg
        role="img"
        aria-label="Gain of every tier over the best cheaper one, with 95 % intervals"
        width={width}
        height={bottom + 16}
        className="nums text-2xs"
      >
        <line x1={x(0)} x2={x(0)} y1={0} y2={bottom} className="stroke-ink-faint" strokeDasharray="3 3" />
        {known.map(({ tier, status, delta }, at) => {
          const y = at * rowHeight + rowHeight / 2;
          const tone = status === 'chosen' ? 'stroke-good fill-good' : 'stroke-ink-soft fill-ink-soft';
          return (
            <g key={tier}>
              <text x={0} y={y + 4} className="fill-ink text-xs">
                {tier}
              </text>
              <line x1={x(delta.lo)} x2={x(delta.hi)} y1={y} y2={y} className={tone} strokeWidth={2} />
              <circle cx={x(delta.mean)} cy={y} r={4.5} className={tone} />
            </g>
          );
        })}
        <Tick at={x(low)} y={bottom + 12} anchor="start" text={formatDelta(low, 3)} />
        <Tick at={x(high)} y={bottom + 12} anchor="end" text={formatDelta(high, 3)} />
        {x(0) - x(low) > 48 && x(high) - x(0) > 48 && <Tick at={x(0)} y={bottom + 12} anchor="middle" text="0" />}
      </svg>
    </div>
  );
}

function Tick({ at, y, anchor, text }: { at: number; y: number; anchor: 'start' | 'middle' | 'end'; text: string }) {
  return (
    <text x={at} y={y} textAnchor={anchor} className="fill-ink-faint">
      {text}
    </text>
  );
}
