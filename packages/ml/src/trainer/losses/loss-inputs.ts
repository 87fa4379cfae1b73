import { type BatchInputs, floatColumn, floatMatrix, int64Column } from '../graph-input.ts';
import { maskedLogit } from './loss-parts.ts';
import type { TargetName } from './target-kl.ts';

/** Rows are counted from 0 in the towers' outputs; weights are used as they are. */
export interface ExampleRow {
  query: number;
  positive: number;
  weight: number;
  /** Item rows that are no negatives. */
  masked: readonly number[];
}

export function infoNceInputs(examples: readonly ExampleRow[], items: number): BatchInputs {
  return {
    query_rows: int64Column(examples.map(({ query }) => query)),
    positive_rows: int64Column(examples.map(({ positive }) => positive)),
    example_weights: floatColumn(examples.map(({ weight }) => weight)),
    mask: floatMatrix({ rows: examples.length, columns: items }, (row, at) => {
      for (const item of examples[at]?.masked ?? []) row[item] = maskedLogit;
    }),
  };
}

export interface PairRow {
  query: number;
  positive: number;
  negative: number;
  weight: number;
}

export function marginInputs(pairs: readonly PairRow[]): BatchInputs {
  return {
    pair_queries: int64Column(pairs.map(({ query }) => query)),
    pair_positives: int64Column(pairs.map(({ positive }) => positive)),
    pair_negatives: int64Column(pairs.map(({ negative }) => negative)),
    pair_weights: floatColumn(pairs.map(({ weight }) => weight)),
  };
}

export interface GradedList {
  query: number;
  weight: number;
  /** Each item row once. */
  graded: readonly { item: number; grade: number }[];
}

export function coSentInputs(lists: readonly GradedList[]): BatchInputs {
  const found = lists.flatMap(({ query, graded }, list) =>
    graded.flatMap((better) =>
      graded
        .filter((worse) => better.grade > worse.grade)
        .map((worse) => ({ list, query, better: better.item, worse: worse.item })),
    ),
  );
  // Empty inputs are not for every operator: a pair that counts nowhere stands in.
  const orders = found.length > 0 ? found : [{ list: -1, query: 0, better: 0, worse: 0 }];
  return {
    order_queries: int64Column(orders.map(({ query }) => query)),
    order_better: int64Column(orders.map(({ better }) => better)),
    order_worse: int64Column(orders.map(({ worse }) => worse)),
    order_lists: floatMatrix({ rows: lists.length, columns: orders.length + 1 }, (row, at) => {
      orders.forEach(({ list }, order) => {
        if (list !== at) row[order + 1] = maskedLogit;
      });
    }),
    order_weights: floatColumn(lists.map(({ weight }) => weight)),
  };
}

export function gradedInputs(
  lists: readonly GradedList[],
  { items, targetTemperature }: { items: number; targetTemperature: number },
): BatchInputs {
  const size = { rows: lists.length, columns: items };
  const targets = lists.map(({ graded }) => softmax(graded.map(({ grade }) => grade / targetTemperature)));
  return targetInputs('graded', {
    rows: lists,
    targets: floatMatrix(size, (row, at) => {
      lists[at]?.graded.forEach(({ item }, entry) => {
        row[item] = targets[at]?.[entry] ?? 0;
      });
    }),
    mask: floatMatrix(size, (row, at) => {
      row.fill(maskedLogit);
      for (const { item } of lists[at]?.graded ?? []) row[item] = 0;
    }),
  });
}

export interface TeacherRow {
  query: number;
  weight: number;
  /** One score per item row. */
  teacher: readonly number[];
}

export function teacherInputs(
  rows: readonly TeacherRow[],
  { items, temperature }: { items: number; temperature: number },
): BatchInputs {
  const size = { rows: rows.length, columns: items };
  return targetInputs('teacher', {
    rows,
    targets: floatMatrix(size, (row, at) => {
      row.set(softmax((rows[at]?.teacher ?? []).map((score) => score / temperature)));
    }),
    mask: floatMatrix(size, () => {}),
  });
}

function targetInputs(
  name: TargetName,
  parts: {
    rows: readonly { query: number; weight: number }[];
    targets: BatchInputs[string];
    mask: BatchInputs[string];
  },
): BatchInputs {
  return {
    [`${name}_queries`]: int64Column(parts.rows.map(({ query }) => query)),
    [`${name}_targets`]: parts.targets,
    [`${name}_mask`]: parts.mask,
    [`${name}_weights`]: floatColumn(parts.rows.map(({ weight }) => weight)),
  };
}

export interface AnchorRow {
  item: number;
  weight: number;
  /** Unit row of the base model. */
  target: ArrayLike<number>;
}

export function anchorInputs(anchors: readonly AnchorRow[]): BatchInputs {
  const columns = anchors[0]?.target.length ?? 0;
  return {
    anchor_rows: int64Column(anchors.map(({ item }) => item)),
    anchor_targets: floatMatrix({ rows: anchors.length, columns }, (row, at) => {
      row.set(anchors[at]?.target ?? []);
    }),
    anchor_weights: floatColumn(anchors.map(({ weight }) => weight)),
  };
}

function softmax(values: readonly number[]): number[] {
  const top = Math.max(...values);
  const parts = values.map((value) => Math.exp(value - top));
  const total = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / total);
}
