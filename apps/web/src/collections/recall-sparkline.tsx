import { formatDecimal } from '@/ui/format-number';
import { type Check, recallMin } from './collection-state';

const width = 480;
const height = 56;

/** Recall over the stored checks, oldest first, with the line below which a rebuild is due. The table holds the figures. */
export function RecallSparkline({ checks }: { checks: readonly Check[] }) {
  const values = checks.map(({ check }) => check.recall10).reverse();
  const low = Math.min(0.9, ...values);
  const y = (value: number) => 4 + (1 - (value - low) / (1 - low || 1)) * (height - 8);
  const x = (index: number) => (index / Math.max(1, values.length - 1)) * width;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} className="h-14 w-full" role="img" aria-label={describe(values)}>
      <line x1={0} x2={width} y1={y(recallMin)} y2={y(recallMin)} stroke="var(--line-strong)" strokeDasharray="3 4" />
      <polyline
        fill="none"
        stroke="var(--series-1)"
        strokeWidth={2}
        points={values.map((value, index) => `${x(index)},${y(value)}`).join(' ')}
      />
    </svg>
  );
}

function describe(values: readonly number[]): string {
  return `recall@10 over ${values.length} checks, from ${formatDecimal(values[0])} to ${formatDecimal(values.at(-1))}`;
}
