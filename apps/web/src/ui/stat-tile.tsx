import { ArrowDownRight, ArrowUpRight } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { classNames } from './class-names';
import { Sparkline } from './sparkline';

export interface StatTileProps {
  label: string;
  /** Formatted; an en dash where there is no value. */
  value: ReactNode;
  /** Change against the period before, formatted, and whether it is welcome. */
  change?: { text: string; isUp: boolean; isGood: boolean | null } | null;
  trend?: (number | null)[];
  hint?: string;
  /** To the rows behind the number. */
  href?: string;
}

export function StatTile({ label, value, change, trend, hint, href }: StatTileProps) {
  const body = (
    <>
      <div className="flex items-center justify-between gap-2 text-ink-faint text-xs">
        <span className="truncate">{label}</span>
        {change && <Change {...change} />}
      </div>
      <div className="mt-1 flex items-end justify-between gap-3">
        <span className="nums font-semibold text-xl tracking-tight">{value}</span>
        {trend && (
          <span className="max-[420px]:hidden">
            <Sparkline values={trend} />
          </span>
        )}
      </div>
      {hint && <p className="mt-0.5 truncate text-2xs text-ink-faint">{hint}</p>}
    </>
  );
  const look = 'block min-w-0 rounded-lg border bg-surface px-4 py-3';
  if (href === undefined) return <div className={look}>{body}</div>;
  return (
    <Link href={href} prefetch={false} className={classNames(look, 'hover:border-line-strong/60 hover:bg-hover')}>
      {body}
    </Link>
  );
}

function Change({ text, isUp, isGood }: { text: string; isUp: boolean; isGood: boolean | null }) {
  const Arrow = isUp ? ArrowUpRight : ArrowDownRight;
  const tone = isGood === null ? 'text-ink-faint' : isGood ? 'text-good' : 'text-bad';
  return (
    <span className={classNames('nums inline-flex items-center whitespace-nowrap', tone)}>
      <Arrow className="size-3" aria-hidden /> {text}
    </span>
  );
}
