import type { Delta, GateReport, TierReport } from '@embedding-studio/contracts';
import { table } from '../terminal/table.ts';
import type { EvalReport, SplitReport } from './eval-report.ts';

export interface RenderOptions {
  /** What was learnt from, e.g. `10237 sessions of real clicks`. */
  evidence: string;
  tiers: TierReport | null;
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
    ...renderTiers(options.tiers),
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

function renderTiers(tiers: TierReport | null): string[] {
  if (tiers === null) return [];
  const rows = tiers.rows.map(({ tier, status, ndcg10, unseenNdcg10, delta, seconds }) => [
    ...[tier, ndcg10 === null ? '' : fix(ndcg10), unseenNdcg10 === null ? '' : fix(unseenNdcg10)],
    ...[delta === null ? '' : formatChange(delta), seconds.toFixed(0), status],
  ]);
  const title = `tiers on ${tiers.queries} held-out queries, ${tiers.unseenQueries} of them about unseen items`;
  return ['', title, ...table(['tier', 'nDCG@10', 'unseen', 'against the best before', 'seconds', ''], rows)];
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
