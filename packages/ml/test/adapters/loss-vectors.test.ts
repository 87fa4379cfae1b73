import { expect, test } from 'vitest';
import {
  contrastiveLoss,
  coSentLoss,
  gradedKlLoss,
  marginLoss,
  type ScoreLoss,
  type ScoreTable,
} from '../../src/adapters/score-losses.ts';
import { type GradedLists, type LossCase, lossError, readLossCases } from '../losses/loss-vectors.ts';

const named = <Kind extends Parameters<typeof readLossCases>[0]>(kind: Kind) =>
  readLossCases(kind).map((one) => [one.name, one] as const);

const dot = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);

/** Holds loss, and the slopes of the rows that follow from those of the cosines, to the stored ones. */
function compare<Settings, Inputs>(one: LossCase<Settings, Inputs>, measure: (scores: ScoreTable) => ScoreLoss): void {
  const { queries, items, expected } = one;
  const values = Float32Array.from(queries.flatMap((query) => items.map((item) => dot(query, item))));
  const { loss, gradient } = measure({ values, rows: queries.length, columns: items.length });
  const slope = (row: number, column: number) => gradient[row * items.length + column] as number;
  const mix = (rows: readonly (readonly number[])[], weightOf: (row: number) => number) =>
    (rows[0] ?? []).map((_, at) => rows.reduce((sum, row, index) => sum + weightOf(index) * (row[at] ?? 0), 0));
  const ofQueries = queries.map((_, row) => mix(items, (column) => slope(row, column)));
  const ofItems = items.map((_, column) => mix(queries, (row) => slope(row, column)));
  expect(lossError([loss], [[expected.loss]])).toBeLessThan(1);
  expect(lossError(ofQueries.flat(), expected.queryGradients)).toBeLessThan(1);
  expect(lossError(ofItems.flat(), expected.itemGradients)).toBeLessThan(1);
}

const listsOf = ({ lists }: GradedLists) =>
  lists.map(({ query, weight, graded }) => ({
    ...{ row: query, weight },
    graded: graded.map(({ item, grade }) => ({ column: item, grade })),
  }));

test.each(named('infoNce'))('%s', (_, one) => {
  const examples = one.inputs.examples.map(({ query, ...example }) => ({ row: query, ...example }));
  compare(one, (scores) => contrastiveLoss(scores, { ...one.settings, examples }));
});

test.each(named('margin'))('%s', (_, one) => {
  const pairs = one.inputs.pairs.map(({ query, ...pair }) => ({ row: query, ...pair }));
  compare(one, (scores) => marginLoss(scores, { ...one.settings, pairs }));
});

test.each(named('coSent'))('%s', (_, one) => {
  compare(one, (scores) => coSentLoss(scores, { ...one.settings, lists: listsOf(one.inputs) }));
});

test.each(named('gradedKl'))('%s', (_, one) => {
  compare(one, (scores) => gradedKlLoss(scores, { ...one.settings, lists: listsOf(one.inputs) }));
});
