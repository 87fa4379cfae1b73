import type { GoldenRun } from '@embedding-studio/contracts';
import type { GoldenRuns } from '@embedding-studio/core';
import { table } from '../terminal/table.ts';

const shown = 10;
const due = { off: 'never by itself', day: 'once a day (UTC)', week: 'once a week, on Monday (UTC)' };

/** The newest runs and what stands of them. */
export function renderGolden({ runs, policy, alert, isRunning }: GoldenRuns): string {
  const lines = [`Measured ${due[policy.every]}; a fall of more than ${policy.dropMin} beyond chance is an alert.`];
  if (isRunning) lines.push('A run waits or is under way.');
  if (alert !== null) lines.push(`ALERT of ${minuteOf(alert.at)}: ${alert.words}`);
  if (runs.length === 0)
    return [...lines, 'No run yet: judge some results in the playground, then ./studio golden run'].join('\n');
  const rows = runs
    .slice(0, shown)
    .map((run) => [
      ...[minuteOf(run.at), run.collectionId, String(run.queries)],
      ...[score(run.ndcg10), score(run.mrr10), share(run.judged10), changeOf(run)],
    ]);
  const header = ['at (UTC)', 'collection', 'queries', 'nDCG@10', 'MRR@10', 'judged', 'against the run before'];
  return [...lines, '', ...table(header, rows)].join('\n');
}

/** One run that has just ended. */
export function renderGoldenRun(run: GoldenRun | undefined): string {
  if (run === undefined) return 'The run is over, but newer ones have taken its place: ./studio golden status';
  if (run.queries === 0)
    return 'Nobody has judged an item relevant yet, so nothing was asked: judge some results in the playground first.';
  return [
    `nDCG@10   ${score(run.ndcg10)}  over ${run.queries} queries of ${run.collectionId}`,
    `MRR@10    ${score(run.mrr10)}`,
    `judged    ${share(run.judged10)} of the first ten`,
    `change    ${changeOf(run)}`,
  ].join('\n');
}

function changeOf({ change }: GoldenRun): string {
  if (change === null) return '– (nothing to compare with)';
  const { mean, lo, hi, queries, isAlert } = change;
  return `${signed(mean)} (95 %: ${signed(lo)} to ${signed(hi)}, ${queries} queries)${isAlert ? '  DROP' : ''}`;
}

const score = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
const share = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(0)} %`);
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
const minuteOf = (at: Date): string => at.toISOString().slice(0, 16).replace('T', ' ');
