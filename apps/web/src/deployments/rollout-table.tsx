'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { formatDecimal, formatDelta, noValue } from '@/ui/format-number';
import { ProgressBar } from '@/ui/progress-bar';
import { StatusBadge } from '@/ui/status-badge';
import { Time } from '@/ui/time';
import type { RolloutRow } from './rollout-types';

const head = 'px-3 py-2 text-left font-medium text-ink-faint text-xs whitespace-nowrap';

export function RolloutTable({ rows }: { rows: RolloutRow[] }) {
  const router = useRouter();
  return (
    <section className="overflow-x-auto" aria-label="Rollouts" tabIndex={0}>
      <table className="w-full min-w-[52rem]">
        <thead className="border-b">
          <tr>
            <th className={head}>Rollout</th>
            <th className={head}>State</th>
            <th className={head}>Where it is</th>
            <th className={`${head} text-right`}>Gate ΔnDCG@10</th>
            <th className={`${head} text-right`}>Recall@10</th>
            <th className={head}>Begun</th>
            <th className={head}>Moved</th>
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows.map((row) => {
            const href = `/deployments/${encodeURIComponent(row.id)}`;
            return (
              <tr key={row.id} className="cursor-pointer hover:bg-hover" onClick={() => router.push(href)}>
                <td className="px-3 py-2">
                  <Link
                    href={href}
                    className="block max-w-64 truncate font-medium hover:underline"
                    onClick={(event) => event.stopPropagation()}
                  >
                    {row.modelName ?? 'in training'}
                  </Link>
                  <div className="max-w-64 truncate font-mono text-2xs text-ink-faint">{row.id}</div>
                </td>
                <td className="px-3 py-2">
                  <StatusBadge status={row.state} />
                </td>
                <td className="min-w-56 max-w-80 px-3 py-2">
                  <Whereabouts row={row} />
                </td>
                <td className="nums px-3 py-2 text-right">
                  {row.gate === null ? noValue : formatDelta(row.gate.delta)}
                </td>
                <td className="nums px-3 py-2 text-right">{formatDecimal(row.recall10)}</td>
                <td className="px-3 py-2 text-ink-soft">
                  <Time at={row.createdAt} />
                </td>
                <td className="px-3 py-2 text-ink-soft">
                  <Time at={row.updatedAt} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Whereabouts({ row }: { row: RolloutRow }) {
  if (row.progress === null)
    return (
      <span className="line-clamp-2 text-ink-soft text-xs">
        {row.reason ?? (row.isMoving ? 'waits for a worker' : noValue)}
      </span>
    );
  const { done, total, note } = row.progress;
  return (
    <div className="grid gap-1">
      <span className="nums text-ink-soft text-xs">
        {note}: {done.toLocaleString('en-US')} of {total.toLocaleString('en-US')}
      </span>
      <ProgressBar label={note} share={total > 0 ? done / total : null} />
    </div>
  );
}
