import type { Delta, GateReport } from '@embedding-studio/contracts';
import { table } from '../terminal/table.ts';
import type { EvalReport, SplitReport } from './eval-report.ts';

export interface RenderOptions {
  /** What was learnt from, e.g. `10237 sessions of real clicks`. */
  evidence: string;
  /** Split → the ten worst regressions. */
  regressions: Readonly<Record<string, GateReport['worst']>>;
}

const header = ['split', 'n', 'measure', 'before', 'after', 'change (95 % interval)', 'better / same / worse'];

export function renderReport(report: EvalReport, options: RenderOptions): string[] {
  const rows = Object.entries(report.splits).flatMap(([name, split]) => splitRows(name, split));
  const { decision, reasons } = report.gate;
  return [
    `data: ${report.dataset} (${options.evidence})   model: ${report.model}   seed: ${report.seed}`,
    '',
    ...table(header, rows),
    '',
    `gate: ${decision}`,
    ...reasons.map((reason) => `  ${reason}`),
    ...renderRegressions(options.regressions),
    '',
    `seconds: ${Object.entries(report.timings_s)
      .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value.toFixed(1)}`)
      .join(', ')}`,
  ];
}

function splitRows(name: string, split: SplitReport): string[][] {
  const { before, after, legs } = split;
  const plain = (label: string, [from, to]: [number, number], rest: string[] = ['', '']) => {
    return ['', '', label, fix(from), fix(to), ...rest];
  };
  const outcome = `${split.wins} / ${split.ties} / ${split.losses}`;
  return [
    [
      name,
      String(split.n),
      'nDCG@10',
      fix(before.ndcg10),
      fix(after.ndcg10),
      formatChange(split.delta.ndcg10),
      outcome,
    ],
    plain('Recall@10', [before.recall10, after.recall10]),
    plain('MRR@10', [before.mrr10, after.mrr10]),
    plain('cNDCG@10', [before.cndcg10, after.cndcg10]),
    plain(
      'vectors alone',
      [legs.vector.before.ndcg10, legs.vector.after.ndcg10],
      [formatChange(legs.vector.delta), ''],
    ),
    ['', '', 'words alone', '', fix(legs.lexical.ndcg10), '', ''],
  ];
}

function renderRegressions(regressions: RenderOptions['regressions']): string[] {
  return Object.entries(regressions).flatMap(([name, worst]) => {
    if (worst.length === 0) return [];
    const rows = worst.map(({ query, before, after }) => [fix(before), fix(after), query]);
    return ['', `largest losses on ${name}`, ...table(['before', 'after', 'query'], rows)];
  });
}

export function formatChange({ mean, lo, hi }: Delta): string {
  return `${sign(mean)} (${sign(lo)}, ${sign(hi)})`;
}

function sign(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}

function fix(value: number): string {
  return value.toFixed(3);
}
