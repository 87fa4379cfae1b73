import type { MetricMeans } from '@embedding-studio/contracts';
import { measureDelta } from '@embedding-studio/core/evaluation';
import { meanMetrics } from '@embedding-studio/ml/ranking';
import type { NamedSplit } from '../datasets/index.ts';
import { table } from '../terminal/table.ts';
import type { PairedPictures } from './pair-pictures.ts';
import type { Pictures } from './picture-items.ts';
import { formatChange } from './render-report.ts';
import { chanceOf, embedTexts, placePictures, scorePictures } from './score-pictures.ts';

interface Measuring {
  pictures: Pictures;
  paired: PairedPictures;
  seed: number;
  signal: AbortSignal;
}

const names = { ndcg10: 'nDCG@10', recall10: 'Recall@10', mrr10: 'MRR@10' } as const;

/** What the captions alone are worth, before any click: cosines between queries and pictures, on every split. */
export async function listPictureGains(splits: readonly NamedSplit[], asked: Measuring): Promise<string[]> {
  const { pictures, paired, seed, signal } = asked;
  const { text, features, without, aligned } = paired;
  const texts = splits.flatMap(({ queries }) => queries.map((query) => query.text));
  const vectors = await embedTexts(texts, { modelFolder: text.folder, signal });
  const [old, fresh] = [placePictures(pictures, features, without), placePictures(pictures, features, aligned)];
  const compared = splits.map(({ name, queries }) => ({
    ...{ name, queries: queries.length, chance: chanceOf(queries, [...pictures.paths.keys()], seed) },
    before: scorePictures(queries, { vectors, placed: old }),
    after: scorePictures(queries, { vectors, placed: fresh }),
  }));
  return ['', 'pictures by text before any click: cosines alone', '', ...renderGains(compared, seed)];
}

export interface ComparedSplit {
  name: string;
  queries: number;
  chance: MetricMeans;
  /** Query by query. */
  before: MetricMeans[];
  after: MetricMeans[];
}

export function renderGains(
  compared: readonly ComparedSplit[],
  seed: number,
  sides: [string, string] = ['no captions', 'captions'],
): string[] {
  const header = ['split', 'n', 'measure', 'chance', ...sides, 'gain (95 % interval)'];
  const rows = compared.flatMap(({ name, queries, chance, before, after }) => {
    const pairs = before.map((old, at) => ({ before: old, after: after[at] ?? old }));
    const means = [chance, meanMetrics(before), meanMetrics(after)];
    return (['ndcg10', 'recall10', 'mrr10'] as const).map((measure, at) => [
      ...(at === 0 ? [name, String(queries)] : ['', '']),
      ...[names[measure], ...means.map((found) => found[measure].toFixed(3))],
      at === 0 ? formatChange(measureDelta(pairs, seed)) : '',
    ]);
  });
  return table(header, rows);
}
