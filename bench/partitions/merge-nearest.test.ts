import { expect, it } from 'vitest';
import { mergeNearest } from './merge-nearest.ts';

it('orders what partitions found by distance, each item once, and cuts it off', () => {
  const lists = [
    { numbers: [3, 9, 3], distances: [0.1, 0.4, 0.5] },
    { numbers: [4, 10], distances: [0.2, 0.3] },
    { numbers: [], distances: [] },
  ];
  expect(mergeNearest(lists, 3)).toEqual([3, 4, 10]);
  expect(mergeNearest(lists, 10)).toEqual([3, 4, 10, 9]);
  expect(mergeNearest([], 3)).toEqual([]);
});

it('keeps the smaller number of two that are equally near', () => {
  expect(
    mergeNearest(
      [
        { numbers: [8], distances: [0.2] },
        { numbers: [2], distances: [0.2] },
      ],
      2,
    ),
  ).toEqual([2, 8]);
});
