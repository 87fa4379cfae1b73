import { expect, test } from 'vitest';
import { createSeededRandom, estimateSeparation } from '../src/index.ts';

test('the area is the share of pairs in which the first is above, ties half', () => {
  // Of 3 × 2 pairs: 3 beats both, 2 ties one and beats one, 1 ties one.
  expect(estimateSeparation([1, 2, 3], [1, 2])).toMatchObject({ kind: 'estimated', area: (0.5 + 1.5 + 2) / 6 });
  expect(estimateSeparation([5, 6], [1, 2])).toMatchObject({ area: 1, lower: 1, upper: 1 });
  expect(estimateSeparation([1, 1], [1, 1])).toMatchObject({ area: 0.5 });
});

test('the interval is DeLong’s, worked out by hand from the placements', () => {
  const first = [1, 3, 5, 7, 9, 11, 13, 15];
  const second = [2, 4, 6, 8, 10, 12, 14];
  // Shares of the second below each of the first: 0/7 to 7/7; of the first below each of the second: 1/8 to 7/8.
  const error = Math.sqrt(6 / 49 / 8 + 28 / 6 / 64 / 7);
  const found = estimateSeparation(first, second);
  expect(found).toMatchObject({ area: 0.5, lower: expect.closeTo(0.5 - 1.959964 * error, 9) });
  expect(found).toMatchObject({ upper: expect.closeTo(0.5 + 1.959964 * error, 9) });
});

test('of two equal samples 95 in 100 intervals hold one half', () => {
  const random = createSeededRandom(3);
  const draw = () => Array.from({ length: 60 }, () => random.next());
  let held = 0;
  for (let run = 0; run < 400; run++) {
    const found = estimateSeparation(draw(), draw());
    if (found.kind === 'estimated' && found.lower <= 0.5 && found.upper >= 0.5) held += 1;
  }
  expect(held / 400).toBeGreaterThan(0.92);
  expect(held / 400).toBeLessThan(0.985);
});

test('too few values and values that are no numbers have no answer', () => {
  expect(estimateSeparation([1], [1, 2])).toMatchObject({ kind: 'insufficient' });
  expect(estimateSeparation([1, Number.NaN], [1, 2])).toMatchObject({ kind: 'invalid' });
});
