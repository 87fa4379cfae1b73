import type { TrialView } from '@embedding-studio/core';
import Link from 'next/link';
import { Badge } from '@/ui/badge';
import { formatDecimal, formatDuration } from '@/ui/format-number';
import { PlainTable } from '@/ui/plain-table';

/** Every training of every trial with what was tried. */
export function TrialTable({ trials }: { trials: TrialView[] }) {
  const names = [...new Set(trials.flatMap(({ settings }) => Object.keys(settings)))];
  return (
    <PlainTable
      caption="Trials of the search"
      rows={trials}
      rowKey={({ runId }) => runId}
      columns={[
        {
          id: 'trial',
          header: 'Trial',
          cell: ({ trial, rung, runId, isBest }) => (
            <span className="flex items-center gap-1.5">
              <Link className="underline underline-offset-2" href={`/runs?run=${encodeURIComponent(runId)}`}>
                {trial + 1}.{rung + 1}
              </Link>
              {isBest && <Badge tone="good">best</Badge>}
            </span>
          ),
        },
        ...names.map((name) => ({
          id: name,
          header: name,
          cell: ({ settings }: TrialView) => settings[name] ?? <span className="text-ink-faint">as given</span>,
        })),
        {
          id: 'score',
          header: 'nDCG@10',
          align: 'right',
          cell: ({ score, status }) => (score === null ? status.toLowerCase() : formatDecimal(score, 4)),
        },
        { id: 'time', header: 'Took', align: 'right', cell: ({ seconds }) => formatDuration(seconds * 1_000) },
      ]}
    />
  );
}
