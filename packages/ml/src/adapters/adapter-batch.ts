import type { AdapterTrainingSet, LossSpec } from '@embedding-studio/contracts';
import type { SeededRandom } from '../trainer/seeded-random.ts';
import type { AdapterExample } from './put-aside.ts';
import {
  contrastiveLoss,
  coSentLoss,
  gradedKlLoss,
  marginLoss,
  type ScoreExample,
  type ScoreList,
  type ScoreLoss,
  type ScorePair,
  type ScoreTable,
} from './score-losses.ts';

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
  const drawn: number[] = [];
  while (drawn.length < loss.negativesPerQuery && pool.length > 0)
    drawn.push(...pool.splice(random.below(pool.length), 1));
  return { item, weight, skipped: drawn };
}

interface PickedBatch {
  examples: readonly AdapterExample[];
  columns: ReadonlyMap<number, number>;
  positives: Int32Array;
  negatives: readonly (readonly number[])[];
  weights: Float32Array;
}

function measureBatch(source: BatchSource, picked: PickedBatch, scores: ScoreTable): ScoreLoss {
  const { loss } = source;
  const { temperature } = loss;
  const { positives, negatives } = picked;
  const total = picked.weights.reduce((sum, weight) => sum + weight, 0) || 1;
  const weightOf = (row: number) => (picked.weights[row] as number) / total;
  if (loss.kind === 'contrastive') {
    const examples = [...positives].map((positive, row): ScoreExample => {
      return { row, positive, weight: weightOf(row), masked: listMasked(source, picked, row) };
    });
    return contrastiveLoss(scores, { temperature, examples });
  }
  if (loss.kind === 'margin') {
    const pairs = negatives.flatMap((others, row): ScorePair[] => {
      const weight = weightOf(row) / Math.max(1, others.length);
      return others.map((negative) => ({ row, positive: positives[row] as number, negative, weight }));
    });
    return marginLoss(scores, { margin: loss.margin, temperature, pairs });
  }
  const lists = negatives.map((others, row): ScoreList => {
    const passed = others.map((column) => ({ column, grade: 0 }));
    return { row, weight: weightOf(row), graded: [{ column: positives[row] as number, grade: 1 }, ...passed] };
  });
  if (loss.kind === 'coSent') return coSentLoss(scores, { temperature, lists });
  return gradedKlLoss(scores, { temperature, targetTemperature: loss.targetTemperature ?? 1, lists });
}

function listMasked({ clickedOf }: BatchSource, { examples, columns }: PickedBatch, row: number): number[] {
  const clicked = clickedOf.get(examples[row]?.query ?? -1) ?? [];
  return [...clicked].flatMap((item) => columns.get(item) ?? []);
}

export function takeRows(values: Float32Array, rows: readonly number[], dims: number): Float32Array {
  const taken = new Float32Array(rows.length * dims);
  rows.forEach((row, at) => {
    taken.set(values.subarray(row * dims, (row + 1) * dims), at * dims);
  });
  return taken;
}
