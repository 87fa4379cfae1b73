import { table } from '../terminal/table.ts';
import { buildReport } from './build-report.ts';
import type { FoldOutcome } from './merge-folds.ts';
import { formatChange } from './render-report.ts';

/** Turn by turn: how many queries, what users got before and after, and which tiers were tried. */
export function renderTurns(turns: readonly FoldOutcome[], seed: number): string[] {
  const rows = turns.flatMap(({ fold, loop }) => {
    const { splits } = buildReport({ ...loop, dataset: '', model: '', seed });
    return Object.entries(splits).map(([name, { n, before, after, delta }]) => [
      ...[String(fold), name, String(n), before.ndcg10.toFixed(3), after.ndcg10.toFixed(3), formatChange(delta.ndcg10)],
      (loop.tiers?.rows ?? []).map(({ tier, status }) => `${tier} ${status}`).join(', '),
    ]);
  });
  const header = ['fold', 'split', 'n', 'before', 'after', 'change (95 % interval)', 'tiers'];
  return ['', 'nDCG@10 turn by turn', ...table(header, rows)];
}
