import { expect, test } from 'vitest';
import { countSketch, createSeededRandom, hashSpace, sketchSize, uniteSketches } from '../src/index.ts';

function hashes(count: number, seed: number): number[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, () => Math.floor(random.next() * hashSpace));
}

test('few different things are counted exactly, however often they come', () => {
  const seen = hashes(sketchSize - 1, 1);
  expect(countSketch(uniteSketches([seen, seen, seen.slice(0, 100)]))).toBe(sketchSize - 1);
  expect(countSketch([])).toBe(0);
});

test('parts unite to the sketch of the whole, in any order', () => {
  const all = hashes(20_000, 2);
  const parts = [0, 1, 2, 3].map((part) => uniteSketches([all.filter((_, at) => at % 4 === part)]));
  expect(uniteSketches(parts)).toEqual(uniteSketches([all]));
  expect(uniteSketches([uniteSketches(parts.slice(2)), ...parts.slice(0, 2).toReversed()])).toEqual(
    uniteSketches([all]),
  );
});

test('many are counted within four standard errors', () => {
  for (const count of [5_000, 50_000, 200_000]) {
    const counted = countSketch(uniteSketches([hashes(count, count)]));
    expect(Math.abs(counted / count - 1)).toBeLessThan(4 / Math.sqrt(sketchSize));
  }
});
