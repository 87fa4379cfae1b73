import type { TierRow } from '@embedding-studio/contracts';
import { formatDelta } from '@/ui/format-number';

const width = 480;
const rowHeight = 26;
const left = 36;
const right = 12;

/** Mean gain of each tier with its interval, beside the line of no gain; the table below has the numbers. */
export function TierIntervals({ rows }: { rows: TierRow[] }) {
  const known = rows.flatMap(({ tier, status, delta }) => (delta === null ? [] : [{ tier, status, delta }]));
  const low = Math.min(-0.001, ...known.map(({ delta }) => delta.lo));
  const high = Math.max(0.001, ...known.map(({ delta }) => delta.hi));
  const x = (value: number) => left + ((value - low) / (high - low)) * (width - left - right);
  const bottom = known.length * rowHeight + 4;
  return (
    <svg
      role="img"
      aria-label="Gain of every tier over the best cheaper one, with 95 % intervals"
      viewBox={`0 0 ${width} ${bottom + 16}`}
      className="nums w-full max-w-xl text-2xs"
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
      {[low, high].map((value, at) => (
        <text
          key={value}
          x={x(value)}
          y={bottom + 12}
          textAnchor={at === 0 ? 'start' : 'end'}
          className="fill-ink-faint"
        >
          {formatDelta(value, 3)}
        </text>
      ))}
    </svg>
  );
}
