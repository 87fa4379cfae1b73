import type { DrillReport } from './run-drill.ts';

const columns = [
  'killed',
  'requests',
  'searches',
  'not answered',
  'went without',
  'writes sent again',
  'slowest',
  'whole again after',
  'lost',
];

/** The table that closes a drill. */
export function describeDrill({ windows, verdict }: DrillReport): string {
  const rows = windows.map((window) => [
    window.name,
    String(window.requests),
    String(window.searches),
    `${window.searchesFailed}${share(window.searchesFailed, window.searches)}`,
    Object.entries(window.degraded)
      .map(([word, count]) => `${word} ${count}`)
      .join(', ') || '–',
    `${window.writesRefused}${reasons(window.failures)}`,
    `${(window.slowestMs / 1_000).toFixed(1)} s`,
    window.backAfter === null ? '–' : `${window.backAfter.toFixed(1)} s`,
    String(window.lost),
  ]);
  const lines = [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const { clicks, items } = verdict.counted;
  const summary = `${clicks} clicks and ${items} items were acknowledged, each item by a task.`;
  const end = verdict.broken.length === 0 ? 'Nothing was lost.' : ['BROKEN:', ...verdict.broken].join('\n');
  return [...lines, '', summary, end].join('\n');
}

function reasons(failures: Record<string, number>): string {
  const told = Object.entries(failures).map(([why, count]) => `${why}: ${count}`);
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}

function share(part: number, whole: number): string {
  return part === 0 || whole === 0 ? '' : ` (${((100 * part) / whole).toFixed(0)} %)`;
}
