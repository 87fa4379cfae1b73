import { expect, test } from 'vitest';
import { waitMs } from '../src/item/pace.ts';

test('a job waits until what it has done fits the rate, and never without one', () => {
  expect(waitMs({ done: 100, perSecond: 50, elapsedMs: 500 })).toBe(1_500);
  expect(waitMs({ done: 100, perSecond: 50, elapsedMs: 2_500 })).toBe(0);
  expect(waitMs({ done: 1_000_000, perSecond: null, elapsedMs: 0 })).toBe(0);
});
