import { classNames } from '@/ui/class-names';
import { formatDecimal } from '@/ui/format-number';
import type { Compared } from './compared';

/** How alike neighbouring columns are, in one line each. */
export function PairSummary({ compared }: { compared: Compared }) {
  const pairs = compared.pairs.filter(({ columns: [left, right] }) => right === left + 1);
  return (
    <ul aria-label="How alike the columns are" className="flex flex-wrap gap-2">
      {pairs.map(({ columns: [left, right], shared, onlyLeft, onlyRight, jaccard, rbo }) => (
        <li
          key={`${left}-${right}`}
          className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-lg border bg-surface px-3 py-1.5 text-xs"
        >
          <span className="text-ink-faint">
            {left + 1} → {right + 1}
          </span>
          <Figure label="shared" value={String(shared)} />
          <Figure label="lost" value={String(onlyLeft.length)} tone={onlyLeft.length > 0 ? 'text-bad' : ''} />
          <Figure label="new" value={String(onlyRight.length)} tone={onlyRight.length > 0 ? 'text-accent' : ''} />
          <Figure label="Jaccard" value={formatDecimal(jaccard, 2)} title="Shared items over all items of both" />
          <Figure
            label="RBO"
            value={formatDecimal(rbo, 2)}
            title="Rank-biased overlap, p = .9: places at the top count most"
          />
        </li>
      ))}
    </ul>
  );
}

function Figure({ label, value, tone, title }: { label: string; value: string; tone?: string; title?: string }) {
  return (
    <span title={title}>
      <span className="text-ink-faint">{label}</span>{' '}
      <span className={classNames('nums font-medium', tone)}>{value}</span>
    </span>
  );
}
