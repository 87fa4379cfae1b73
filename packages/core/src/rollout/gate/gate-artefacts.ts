import type { GateQueryRow, GateReport } from '@embedding-studio/contracts';

const bins = 41;
const reach = 1.025;

/** Every query as a line of CSV, worst regression first, as tables of trackers show it. */
export function toWinLossTable(rows: readonly GateQueryRow[]): string {
  const lines = rows
    .map((row) => ({ ...row, delta: row.after - row.before }))
    .sort((left, right) => left.delta - right.delta || (left.queryId < right.queryId ? -1 : 1))
    .map(({ query, before, after, delta, isUnseen, segments }) =>
      [quote(query), fix(before), fix(after), fix(delta), outcomeOf(delta), isUnseen, quote(segments.join('; '))].join(
        ',',
      ),
    );
  return ['query,before,after,change,outcome,new_items,segments', ...lines, ''].join('\n');
}

/** What a plot of the verdict needs: intervals of all parts, and how many queries changed by how much. */
export function toPlots(report: GateReport, rows: readonly GateQueryRow[]): Record<string, unknown> {
  const width = (2 * reach) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const { before, after } of rows) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((after - before + reach) / width)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const parts = report.segments ?? [];
  return {
    intervals: [
      { name: 'all queries', queries: report.queries, ...report.delta },
      ...parts.map(({ name, queries, delta }) => ({ name, queries, ...delta })),
    ],
    changes: counts.map((count, bin) => ({
      from: round(bin * width - reach),
      to: round((bin + 1) * width - reach),
      count,
    })),
  };
}

const fix = (value: number): string => value.toFixed(6);
const round = (value: number): number => Math.round(value * 1e6) / 1e6;
/** Spreadsheets run what begins with these; a quote before it makes it text. */
const quote = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

function outcomeOf(delta: number): 'win' | 'tie' | 'loss' {
  if (Math.abs(delta) <= 1e-9) return 'tie';
  return delta > 0 ? 'win' : 'loss';
}
