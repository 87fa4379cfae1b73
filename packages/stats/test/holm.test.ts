import { expect, test } from 'vitest';
import { adjustHolm } from '../src/index.ts';

test('the least p-value counts as often as there are tests, the next one time less, and order is kept', () => {
  expect(adjustHolm([0.04, 0.01, 0.03])).toEqual([0.06, 0.03, 0.06]);
});

test('a single test is left alone, nothing exceeds 1, and no test has no value', () => {
  expect(adjustHolm([0.04])).toEqual([0.04]);
  expect(adjustHolm([0.9, 0.8])).toEqual([1, 1]);
  expect(adjustHolm([])).toEqual([]);
});
