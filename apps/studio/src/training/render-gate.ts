import type { GateReport } from '@embedding-studio/contracts';
import { table } from '../terminal/table.ts';

const count = (value: number): string => value.toLocaleString('en-US');
const fix = (value: number, digits = 3): string => value.toFixed(digits);
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** The verdict for a terminal: words, reasons, segments, what it costs, and what lost most. */
export function renderGate({ report, words }: { report: GateReport; words: string }): string {
  return [
    words,
    '',
    ...report.reasons.map((reason) => `  ${report.decision === 'accepted' ? '✓' : '✗'} ${reason}`),
    ...(report.held ?? []).map((reason) => `  ✓ ${reason}`),
    ...renderSegments(report),
    ...renderSpace(report),
    ...(report.int8 ? ['', `int8 variant: ${report.int8.kept ? 'served' : 'not served'}. ${report.int8.why}`] : []),
    ...renderWorst(report),
  ].join('\n');
}

function renderSegments({ segments = [] }: GateReport): string[] {
  if (segments.length === 0) return [];
  const rows = segments.map(({ name, queries, before, delta, p, isLoss }) => [
    name,
    count(queries),
    fix(before),
    `${signed(delta.mean)} (${signed(delta.lo)} to ${signed(delta.hi)})`,
    p === null ? 'too few' : fix(p),
    isLoss ? 'loses' : '',
  ]);
  const header = ['segment', 'queries', 'nDCG@10 before', 'change (95 % interval)', 'Holm p', ''];
  return ['', ...table(header, rows)];
}

function renderSpace({ anchor, latency }: GateReport): string[] {
  const rows = [
    ...(anchor?.before
      ? [
          ['effective rank', fix(anchor.before.effectiveRank, 1), fix(anchor.effectiveRank, 1)],
          ['mean pairwise cosine', fix(anchor.before.meanPairwiseCosine), fix(anchor.meanPairwiseCosine)],
        ]
      : []),
    ...(latency ? [['query encoding p95, ms', fix(latency.before.p95Ms, 1), fix(latency.after.p95Ms, 1)]] : []),
  ];
  return rows.length === 0 ? [] : ['', ...table(['', 'before', 'after'], rows)];
}

function renderWorst({ worst }: GateReport): string[] {
  if (worst.length === 0) return [];
  const rows = worst.map(({ query, before, after }) => [fix(before), fix(after), query]);
  return ['', 'largest losses', ...table(['before', 'after', 'query'], rows)];
}
