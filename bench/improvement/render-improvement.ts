import { table } from '../../apps/studio/src/terminal/table.ts';
import { type Compared, formatChange, measures } from './compare-rankings.ts';
import type { ImprovementReport } from './run-improvement-bench.ts';

const header = ['split', 'n', 'ranking', 'measure', 'off', 'on', 'change (95 % interval)', 'better / worse'];

export function renderImprovement(report: ImprovementReport): string {
  const { dataset, model, sessions, learned, tried, splits } = report;
  const rows = Object.entries(splits).flatMap(([name, { overlay, personal }]) => [
    ...rowsOf(name, 'fused', overlay.fused),
    ...rowsOf(name, 'vectors', overlay.vectors),
    ...rowsOf(name, 'own interest', personal.own),
    ...rowsOf(name, 'interest of another', personal.others),
  ]);
  const settings = tried.overlay.map(({ limits, fused, vectors, newcomers }) => [
    ...[limits.stepMax, limits.shrinkage, limits.cosineMin].map(String),
    ...[formatChange(fused), formatChange(vectors), formatChange(newcomers)],
  ]);
  const personal = tried.personal.map(({ stepMax, ways }) => [
    String(stepMax),
    formatChange(ways.own),
    formatChange(ways.others),
  ]);
  return [
    '',
    `data: ${dataset}   model: ${model}   ${sessions} training sessions, ${learned.evidence} pieces of evidence on ${learned.items} items`,
    '',
    'on val alone, change of nDCG@10; the first row has the defaults',
    '',
    ...table(['step', 'shrinkage', 'cosine kept', 'fused', 'vectors', 'fused, newcomers'], settings),
    '',
    ...table(['personal step', 'own interest', 'interest of another'], personal),
    '',
    ...table(header, rows),
  ].join('\n');
}

function rowsOf(split: string, ranking: string, compared: Compared): string[][] {
  return measures.map((measure, at) => {
    const { off, on } = compared.measures[measure];
    const first = at === 0;
    return [
      first ? split : '',
      first ? String(compared.n) : '',
      first ? ranking : '',
      ...[measure, off.toFixed(3), on.toFixed(3), formatChange(compared, measure)],
      first ? `${compared.wins} / ${compared.losses}` : '',
    ];
  });
}
