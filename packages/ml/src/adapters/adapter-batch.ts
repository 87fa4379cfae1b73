import { type AdapterTrainingSet, type LossSpec, StudioError } from '@embedding-studio/contracts';
import type { SeededRandom } from '../trainer/seeded-random.ts';
import type { AdapterExample } from './put-aside.ts';
import { contrastiveLoss, marginLoss, type ScoreLoss, type ScorePair, type ScoreTable } from './score-losses.ts';

export interface AdapterBatch {
  /** [row][dims] */
  queries: Float32Array;
  /** [column][dims], each item once. */
  items: Float32Array;
  measure(scores: ScoreTable): ScoreLoss;
}

export interface BatchSource {
  set: AdapterTrainingSet;
  loss: LossSpec;
  randomNegatives: number;
  /** What was ever clicked for a query: never a negative of it. */
  clickedOf: ReadonlyMap<number, ReadonlySet<number>>;
}

export function collectClicked(examples: readonly AdapterExample[]): Map<number, Set<number>> {
  const clickedOf = new Map<number, Set<number>>();
  for (const { query, clicked } of examples) {
    const known = clickedOf.get(query) ?? new Set();
    for (const { item } of clicked) known.add(item);
    clickedOf.set(query, known);
  }
  return clickedOf;
}

/** One clicked item of every example, some of those passed over, and items drawn at random. */
export function drawBatch(
  source: BatchSource,
  examples: readonly AdapterExample[],
  random: SeededRandom,
): AdapterBatch {
  const { set, loss, clickedOf } = source;
  const columns = new Map<number, number>();
  const columnOf = (item: number): number => {
    const column = columns.get(item) ?? columns.size;
    columns.set(item, column);
    return column;
  };
  const chosen = examples.map((example) =>
    drawExample(example, { loss, random, clicked: clickedOf.get(example.query) }),
  );
  const positives = Int32Array.from(chosen, ({ item }) => columnOf(item));
  const negatives = chosen.map(({ skipped }) => skipped.map(columnOf));
  const count = set.items.length / set.dims;
  for (let drawn = 0; drawn < source.randomNegatives; drawn++) columnOf(random.below(count));
  const weights = Float32Array.from(chosen, ({ weight }) => weight);
  const picked = { examples, columns, positives, negatives, weights };
  return {
    queries: takeRows(
      set.queries,
      examples.map(({ query }) => query),
      set.dims,
    ),
    items: takeRows(set.items, [...columns.keys()], set.dims),
    measure: (scores) => measureBatch(source, picked, scores),
  };
}

function drawExample(
  { clicked, skipped }: AdapterExample,
  { loss, random, clicked: known }: { loss: LossSpec; random: SeededRandom; clicked?: ReadonlySet<number> },
) {
  const { item, weight } = clicked[random.below(clicked.length)] ?? { item: 0, weight: 0 };
  const pool = skipped.filter((other) => known?.has(other) !== true);
  const wanted = 'negativesPerQuery' in loss ? loss.negativesPerQuery : 1;
  const drawn: number[] = [];
  while (drawn.length < wanted && pool.length > 0) drawn.push(...pool.splice(random.below(pool.length), 1));
  return { item, weight, skipped: drawn };
}

interface PickedBatch {
  examples: readonly AdapterExample[];
  columns: ReadonlyMap<number, number>;
  positives: Int32Array;
  negatives: readonly (readonly number[])[];
  weights: Float32Array;
}

function measureBatch({ loss, clickedOf }: BatchSource, picked: PickedBatch, scores: ScoreTable): ScoreLoss {
  const { examples, columns, positives, negatives, weights } = picked;
  if (loss.kind === 'contrastive') {
    const isMasked = new Uint8Array(scores.values.length);
    examples.forEach(({ query }, row) => {
      for (const item of clickedOf.get(query) ?? []) {
        const column = columns.get(item);
        if (column !== undefined) isMasked[row * scores.columns + column] = 1;
      }
    });
    return contrastiveLoss(scores, { temperature: loss.temperature, positives, weights, isMasked });
  }
  if (loss.kind === 'margin') {
    const pairs = negatives.flatMap((others, row): ScorePair[] => {
      const weight = (weights[row] as number) / Math.max(1, others.length);
      return others.map((negative) => ({ row, positive: positives[row] as number, negative, weight }));
    });
    return marginLoss(scores, { margin: loss.margin, temperature: loss.temperature, pairs });
  }
  throw new StudioError('INPUT_INVALID', 'Adapters learn by the losses contrastive and margin.', { field: 'loss' });
}

export function takeRows(values: Float32Array, rows: readonly number[], dims: number): Float32Array {
  const taken = new Float32Array(rows.length * dims);
  rows.forEach((row, at) => {
    taken.set(values.subarray(row * dims, (row + 1) * dims), at * dims);
  });
  return taken;
}
