import { table } from '../../apps/studio/src/terminal/table.ts';
import type { AblationReport, VariantScore } from './run-ablation-bench.ts';

const four = (value: number): string => value.toFixed(4);

/** One table a split; differences are against the first trained variant, on the same queries. */
export function renderAblation(report: AblationReport): string {
  const [first] = report.variants;
  const splits = Object.keys(first?.splits ?? {});
  return [
    `Ablation on ${report.dataset}, ${report.model}: ${report.steps} steps a variant, seed ${report.seed}, ${report.items} items.`,
    'Fusion is fitted on val, WiSE-FT chooses on val: judge by the other splits.',
    ...splits.flatMap((split) => [
      '',
      `${split} (${first?.splits[split]?.queries ?? 0} queries), nDCG@10, difference to ${report.reference} with 95 % interval`,
      ...table(
        ['variant', 'vector', 'difference', 'fused', 'difference', 'seconds'],
        report.variants.map(({ name, seconds, splits: found }) => [
          name,
          ...columns(found[split]?.vector),
          ...columns(found[split]?.fused),
          seconds === null ? '–' : seconds.toFixed(0),
        ]),
      ),
    ]),
    ...report.variants.flatMap(({ name, mixing }) =>
      mixing ? ['', `${name}: α = ${mixing.alpha}${mixing.isConstraintMet ? '' : ' (no α keeps the anchors)'}`] : [],
    ),
  ].join('\n');
}

function columns(score: VariantScore | undefined): string[] {
  if (score === undefined) return ['–', '–'];
  const { ndcg10, difference } = score;
  if (difference === null) return [four(ndcg10), '–'];
  return [four(ndcg10), `${four(difference.mean)} (${four(difference.lo)}, ${four(difference.hi)})`];
}
