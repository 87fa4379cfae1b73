'use client';

import { useQuery } from '@tanstack/react-query';
import { Pin } from 'lucide-react';
import { formatMetric } from '@/charts/format-tick';
import { useTRPC } from '@/trpc/client';
import { classNames } from '@/ui/class-names';
import { formatDelta, noValue } from '@/ui/format-number';
import { Check } from './chart-toolbar';
import { type DiffRow, diffRuns } from './diff-rows';
import type { ChangeRunsState, RunsState } from './use-runs-state';

export interface DiffViewProps {
  /** Runs to compare, the baseline first if there is one. */
  runIds: readonly string[];
  baselineRunId: string | null;
  state: RunsState;
  change: ChangeRunsState;
}

export const diffMax = 12;

/** Params and metrics of a few runs side by side; what is the same everywhere stays hidden. */
export function DiffView({ runIds, baselineRunId, state, change }: DiffViewProps) {
  const trpc = useTRPC();
  const chosen = runIds.slice(0, diffMax);
  const options = trpc.run.compareRuns.queryOptions({ runIds: [...chosen] });
  const { data: runs, error } = useQuery({ ...options, enabled: chosen.length > 0 });
  if (chosen.length < 2)
    return (
      <p className="rounded-lg border border-dashed p-8 text-center text-ink-faint">
        Mark two or more runs in the table, or pin a baseline and mark one, to see what differs between them.
      </p>
    );
  if (error) return <p className="p-8 text-center text-bad">{error.message}</p>;
  if (!runs) return <div className="h-64 animate-pulse rounded-lg bg-sunken" />;
  const all = diffRuns(runs);
  const rows = state.all ? all : all.filter(({ isEqual }) => !isEqual);
  return (
    <div>
      <div className="mb-2 flex items-center gap-4">
        <Check label="Also what is equal" isOn={state.all} onChange={(isOn) => change({ all: isOn })} />
        <span className="text-ink-faint text-xs">
          {all.length - all.filter(({ isEqual }) => !isEqual).length} of {all.length} rows are equal
        </span>
      </div>
      <section className="overflow-auto rounded-lg border bg-surface" aria-label="Differences" tabIndex={0}>
        <table className="w-full text-xs">
          <thead className="text-left text-ink-faint">
            <tr>
              <th className="sticky left-0 bg-surface px-3 py-2 font-normal">Key</th>
              {runs.map((run) => (
                <th key={run.runId} className="px-3 py-2 text-right font-medium text-ink">
                  {run.runId === baselineRunId && (
                    <Pin className="mr-1 inline size-3 text-accent" aria-label="Baseline" />
                  )}
                  {run.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="nums">
            {rows.map((row) => (
              <DiffLine
                key={`${row.kind} ${row.key}`}
                row={row}
                runIds={runs.map(({ runId }) => runId)}
                hasBaseline={runs[0]?.runId === baselineRunId}
              />
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function DiffLine({ row, runIds, hasBaseline }: { row: DiffRow; runIds: readonly string[]; hasBaseline: boolean }) {
  const [first] = row.values;
  return (
    <tr className="border-t hover:bg-hover">
      <th className="sticky left-0 bg-surface px-3 py-1.5 text-left font-mono font-normal">
        {row.key} <span className="ml-1 text-2xs text-ink-faint">{row.kind}</span>
      </th>
      {row.values.map((value, at) => (
        <td
          key={runIds[at]}
          className={classNames('px-3 py-1.5 text-right', !row.isEqual && value !== first && 'bg-accent-soft')}
        >
          {typeof value === 'number' ? formatMetric(value) : (value ?? noValue)}
          {hasBaseline && at > 0 && typeof value === 'number' && typeof first === 'number' && value !== first && (
            <span className="ml-1.5 text-2xs text-ink-soft">{formatDelta(value - first, 3)}</span>
          )}
        </td>
      ))}
    </tr>
  );
}
