'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { formatDecimal, formatDelta, noValue } from '@/ui/format-number';
import { ProgressBar } from '@/ui/progress-bar';
import { StatusBadge } from '@/ui/status-badge';
import { Time } from '@/ui/time';
import { WideTable } from '@/ui/wide-table';
import type { RolloutRow } from './rollout-types';

const columns = [
  { title: 'Rollout' },
  { title: 'State' },
  { title: 'Where it is' },
  { title: 'Gate ΔnDCG@10', align: 'right' },
  { title: 'Recall@10', align: 'right' },
  { title: 'Begun' },
  { title: 'Moved' },
] as const;

export function RolloutTable({ rows }: { rows: RolloutRow[] }) {
  const router = useRouter();
  return (
    <WideTable label="Rollouts" columns={columns} leastWidth="52rem">
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
            <td className="nums px-3 py-2 text-right">{row.gate === null ? noValue : formatDelta(row.gate.delta)}</td>
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
    </WideTable>
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
