'use client';

import type { ExperimentDefinition, Readout } from '@embedding-studio/contracts';
import { ChartFrame } from '@/ui/chart-frame';
import { metricOf } from './experiment-words';
import { IntervalPlot } from './interval-plot';
import { type IntervalRow, type Role, reachOf, rowsOf } from './interval-rows';
import { ResultsTable } from './results-table';

const groups: { role: Role; title: string; hint: string }[] = [
  { role: 'primary', title: 'Primary metric', hint: 'It decides.' },
  { role: 'guardrail', title: 'Guardrails', hint: 'Red: more than was allowed.' },
  { role: 'secondary', title: 'Secondary metrics', hint: 'They explain; they do not decide.' },
];

/** Every metric of every arm against the control. */
export function ResultsCard({ readout, definition }: { readout: Readout; definition: ExperimentDefinition }) {
  const parts = groups.map((group) => ({
    ...group,
    rows: rowsOf(readout.metrics, group.role, { guardrails: definition.guardrails, metricOf }),
  }));
  const all = parts.flatMap(({ rows }) => rows);
  if (all.length === 0) return null;
  return (
    <ChartFrame
      title="Results"
      hint={hintOf(definition)}
      height="auto"
      chart={<Groups parts={parts} reach={reachOf(all)} />}
      table={<ResultsTable rows={all} />}
    />
  );
}

function hintOf({ arms, analysis, alpha }: ExperimentDefinition): string {
  const level = `${Number(((1 - alpha) * 100).toPrecision(3))} %`;
  const words = {
    sequential: `${level} intervals that hold however often one looks`,
    fixed: `${level} intervals, valid once all units expected have come`,
    bayesian: `${level} credible intervals`,
  };
  return `Change against ${arms[0]?.name ?? 'the control'}, relative; ${words[analysis]}`;
}

function Groups({
  parts,
  reach,
}: {
  parts: { role: Role; title: string; hint: string; rows: IntervalRow[] }[];
  reach: number;
}) {
  return (
    <div className="grid gap-5">
      {parts
        .filter(({ rows }) => rows.length > 0)
        .map(({ role, title, hint, rows }) => (
          <section key={role} aria-label={title}>
            <h3 className="mb-2 text-xs">
              <span className="font-medium">{title}</span> <span className="text-ink-faint">{hint}</span>
            </h3>
            <IntervalPlot rows={rows} reach={reach} />
          </section>
        ))}
    </div>
  );
}
