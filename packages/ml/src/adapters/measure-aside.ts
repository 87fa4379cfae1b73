import type { AdapterSide, AdapterTrainingSet, LinearAdapter } from '@embedding-studio/contracts';
import { discountAt } from '../ranking/ranking-metrics.ts';
import { type SeededRandom, shuffle } from '../trainer/seeded-random.ts';
import { collectClicked, takeRows } from './adapter-batch.ts';
import { inScope } from './adapter-step.ts';
import { applyAdapter } from './linear-adapter.ts';
import type { AdapterExample } from './put-aside.ts';
import type { TensorFlow } from './tensorflow.ts';

const cutoff = 10;
const itemsMax = 5_000;

/** nDCG@10 of the queries put aside, over what they want and a sample of the other items. */
export function openAsideMeasure(
  tf: TensorFlow,
  parts: { set: AdapterTrainingSet; aside: readonly AdapterExample[]; side: AdapterSide; random: SeededRandom },
): (adapter: LinearAdapter) => number {
  const { set, aside, side, random } = parts;
  const { dims } = set;
  const clickedOf = [...collectClicked(aside)];
  const wanted = new Set(clickedOf.flatMap(([, items]) => [...items]));
  const others = Array.from({ length: set.items.length / dims }, (_, item) => item).filter((item) => !wanted.has(item));
  const sample = [...wanted, ...shuffle(others, random).slice(0, itemsMax)];
  const columnOf = new Map(sample.map((item, column) => [item, column]));
  const relevant = clickedOf.map(([, items]) => [...items].map((item) => columnOf.get(item) ?? 0));
  const queries = takeRows(
    set.queries,
    clickedOf.map(([query]) => query),
    dims,
  );
  const items = takeRows(set.items, sample, dims);
  return (adapter) => {
    const moved = side === 'both' ? applyAdapter(adapter, items) : items;
    const scores = inScope(tf, () => {
      const rows = tf.tensor2d(applyAdapter(adapter, queries), [relevant.length, dims]);
      return tf.matMul(rows, tf.transpose(tf.tensor2d(moved, [sample.length, dims]))).dataSync();
    });
    const sum = relevant.reduce(
      (total, columns, row) =>
        total + ndcgOf(scores.subarray(row * sample.length, (row + 1) * sample.length) as Float32Array, columns),
      0,
    );
    return sum / Math.max(1, relevant.length);
  };
}

/** Binary gains; an item stands behind all that score higher. */
function ndcgOf(scores: Float32Array, relevant: readonly number[]): number {
  const places = relevant.map((column) => {
    const own = scores[column] as number;
    return scores.reduce((above, score) => above + (score > own ? 1 : 0), 0);
  });
  const gain = places.reduce((sum, place) => sum + (place < cutoff ? discountAt(place) : 0), 0);
  const ideal = relevant.slice(0, cutoff).reduce((sum, _, place) => sum + discountAt(place), 0);
  return ideal === 0 ? 0 : gain / ideal;
}
