import type { RunRow } from '@embedding-studio/core';
import { Pin } from 'lucide-react';
import { formatMetric } from '@/charts/format-tick';
import { Badge } from '@/ui/badge';
import { classNames } from '@/ui/class-names';
import { formatDelta, noValue } from '@/ui/format-number';
import { Time } from '@/ui/time';
import { readValue } from './parallel-axes';
import { RunStatusBadge } from './run-status-badge';

export const rowHeight = 36;

export interface RunTableRowProps {
  run: RunRow;
  shown: readonly string[];
  baseline: RunRow | null;
  /** Row number over all pages. */
  place: number;
  isOpen: boolean;
  isMarked: boolean;
  onOpen: () => void;
  onMark: () => void;
}

export function RunTableRow({ run, shown, baseline, place, isOpen, isMarked, onOpen, onMark }: RunTableRowProps) {
  const isBaseline = run.runId === baseline?.runId;
  return (
    <tr
      aria-rowindex={place}
      data-run={run.runId}
      style={{ height: rowHeight }}
      className={classNames('hover:bg-hover [&>td]:border-b', isOpen && 'bg-selected hover:bg-selected')}
    >
      <td className="pl-1.5">
        <input
          type="checkbox"
          checked={isMarked}
          onChange={onMark}
          aria-label={`Mark ${run.name}`}
          className="m-1.5 block size-4 accent-(--accent)"
        />
      </td>
      <td className="max-w-64">
        <button
          type="button"
          onClick={onOpen}
          aria-current={isOpen || undefined}
          className="flex w-full min-w-0 items-center gap-1.5 px-2 py-1 text-left"
          title={run.name}
        >
          {isBaseline && <Pin className="size-3 shrink-0 text-accent" aria-label="Baseline" />}
          <span className="truncate font-medium">{run.name}</span>
          {run.labels.slice(0, 2).map((label) => (
            <Badge key={label}>{label}</Badge>
          ))}
        </button>
      </td>
      <td className="px-2">
        <RunStatusBadge status={run.status} />
      </td>
      <td className="px-2 text-ink-soft text-xs">
        <Time at={run.startedAt} />
      </td>
      {shown.map((key) => (
        <ValueCell key={key} column={key} run={run} baseline={isBaseline ? null : baseline} />
      ))}
    </tr>
  );
}

function ValueCell({ column, run, baseline }: { column: string; run: RunRow; baseline: RunRow | null }) {
  const value = readValue(run, column);
  const other = baseline === null ? null : readValue(baseline, column);
  const delta = typeof value === 'number' && typeof other === 'number' ? value - other : null;
  return (
    <td className="nums max-w-40 truncate px-2 text-right text-xs" title={value === null ? undefined : String(value)}>
      {delta !== null && delta !== 0 && (
        <span className="mr-1.5 text-2xs text-ink-faint" title="Against the baseline">
          {formatDelta(delta, 3)}
        </span>
      )}
      {value === null ? (
        <span className="text-ink-faint">{noValue}</span>
      ) : typeof value === 'number' ? (
        formatMetric(value)
      ) : (
        value
      )}
    </td>
  );
}
