import { table } from '../../apps/studio/src/terminal/table.ts';
import type { PositionBiasReport } from './run-position-bias-bench.ts';

const three = (value: number): string => value.toFixed(3);
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

export function renderPositionBias(report: PositionBiasReport): string {
  const { curve, dataset } = report;
  return [
    `Position bias on ${dataset}: ${curve.sessions} pages, ${curve.queries} queries, ${curve.clicks} clicks (training split).`,
    `Left out: ${
      Object.entries(curve.dropped)
        .map(([reason, count]) => `${count} ${reason}`)
        .join(', ') || 'none'
    }.`,
    `Chosen by itself: ${curve.method}. ${curve.reason}`,
    '',
    ...renderCurve(report),
    ...renderRefusals(report),
    `Trust bias: ${report.trust}.`,
    '',
    'On pages the curve was not fitted on: nats per click over "every rank alike"',
    ...table(
      ['split', 'pages', 'clicks', 'gain (95 %)'],
      report.heldOut.map(({ split, pages, gain }) => [
        ...[split, `${pages}`, `${gain?.clicks ?? 0}`],
        gain === null ? 'too few' : `${gain.mean.toFixed(5)} (${gain.lo.toFixed(5)}, ${gain.hi.toFixed(5)})`,
      ]),
    ),
    '',
    ...renderLabels(report),
    '',
    'The same pages under readers who look at rank k with chance 1/k (simulated): share of pairs (wanted, not wanted) that the labels order rightly',
    ...table(
      ['lists', 'visits of a query', 'method', 'largest error of θ', 'clicks', '1/θ', '1/θ by evidence', '1/true θ'],
      report.imposed.map((one) => [
        ...[one.policy, `${one.visits}`, one.method, three(one.error)],
        ...[one.plain, one.debiased, one.shrunk, one.ideal].map(three),
      ]),
    ),
  ].join('\n');
}

function renderCurve({ curve, estimators }: PositionBiasReport): string[] {
  const shown = estimators.filter(({ result }) => result.kind === 'estimated');
  const rows = curve.points.map(({ rank, shown: n, clicks, lo, hi }) => [
    ...[`${rank}`, `${n}`, `${clicks}`],
    lo === null || hi === null ? '–' : `${three(lo)}–${three(hi)}`,
    ...shown.map(({ result }) => {
      const point = result.kind === 'estimated' ? result.points[rank - 1] : undefined;
      return point === undefined ? '–' : three(point.theta);
    }),
  ]);
  return table(['rank', 'shown', 'clicks', '95 %', ...shown.map(({ name }) => name)], rows);
}

function renderRefusals({ estimators }: PositionBiasReport): string[] {
  return estimators.flatMap(({ name, result }) =>
    result.kind === 'insufficient' ? [`No estimate by ${name}: ${result.reason}.`] : [],
  );
}

function renderLabels({ labels, items, curve }: PositionBiasReport): string[] {
  return [
    'What weighing every click by 1/θ would change in the labels (auto leaves pages in random order alone)',
    `  queries whose weights change    ${labels.changed} of ${labels.queries} (one click each otherwise: nothing to weigh)`,
    `  share of weight moved           ${percent(labels.moved)}; largest factor ${three(labels.largestRatio)}`,
    `  effective clicks                ${curve.effectiveClicks.toFixed(0)} of ${curve.clicks}`,
    `  films' click rates against those of held-out pages (Spearman, ${items.items} films shown 5 times in both):`,
    `    as counted ${items.plain.toFixed(4)}, debiased ${items.debiased.toFixed(4)}`,
  ];
}
