import type { Delta, MetricMeans } from '@embedding-studio/contracts';
import { measureDelta } from '@embedding-studio/core/evaluation';
import { meanMetrics } from '@embedding-studio/ml/ranking';
import type { NamedSplit } from '../datasets/index.ts';
import { table } from '../terminal/table.ts';
import type { Measured, MeasuredQuery } from './measure-queries.ts';
import { formatChange } from './render-report.ts';

export interface RetrieverComparison {
  split: string;
  /** Queries with something relevant. */
  n: number;
  words: MetricMeans;
  vectors: MetricMeans;
  hybrid: MetricMeans;
  better: 'words' | 'vectors';
  /** nDCG@10 of the hybrid ranking minus that of the better leg. */
  gain: Delta;
}

/** Words, vectors and both together on the same queries; the hybrid ranking is held against the better leg of the split. */
export function compareRetrievers(
  splits: readonly NamedSplit[],
  { measured, seed }: { measured: Measured; seed: number },
): RetrieverComparison[] {
  return splits.flatMap(({ name, queries }) => {
    const found = queries.flatMap(({ queryId }) => measured.get(queryId) ?? []);
    return found.length === 0 ? [] : [compareSplit(name, { found, seed })];
  });
}

function compareSplit(
  split: string,
  { found, seed }: { found: readonly MeasuredQuery[]; seed: number },
): RetrieverComparison {
  const words = meanMetrics(found.map(({ lexical }) => lexical));
  const vectors = meanMetrics(found.map(({ vector }) => vector));
  const hybrid = meanMetrics(found.map(({ fused }) => fused));
  const better = vectors.ndcg10 > words.ndcg10 ? 'vectors' : 'words';
  const pairs = found.map(({ lexical, vector, fused }) => ({
    before: better === 'words' ? lexical : vector,
    after: fused,
  }));
  return { split, n: found.length, words, vectors, hybrid, better, gain: measureDelta(pairs, seed) };
}

const header = [...['split', 'n', 'measure', 'words', 'vectors', 'hybrid'], 'hybrid − better leg (95 % interval)'];
const names = { ndcg10: 'nDCG@10', recall10: 'Recall@10', mrr10: 'MRR@10' } as const;

export function renderRetrievers(title: string, rows: readonly RetrieverComparison[]): string[] {
  const cells = rows.flatMap(({ split, n, words, vectors, hybrid, better, gain }) =>
    (['ndcg10', 'recall10', 'mrr10'] as const).map((measure, at) => [
      ...(at === 0 ? [split, String(n)] : ['', '']),
      names[measure],
      ...[words, vectors, hybrid].map((means) => means[measure].toFixed(3)),
      at === 0 ? `${formatChange(gain)} to ${better}` : '',
    ]),
  );
  return ['', title, '', ...table(header, cells)];
}
