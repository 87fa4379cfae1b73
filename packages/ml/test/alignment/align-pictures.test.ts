import { expect, it } from 'vitest';
import { alignPictures } from '../../src/alignment/align-pictures.ts';
import { solveRidge } from '../../src/alignment/kernel-ridge.ts';
import { chanceOf, measureCaptions } from '../../src/alignment/measure-captions.ts';
import { createRandom } from '../../src/ranking/seeded-random.ts';

const [rows, features, dims] = [60, 12, 4];

/** Pictures whose captions are a known linear map of them, all shifted by what every caption says. */
function makePairs(seed: number, isRelated = true) {
  const random = createRandom(seed);
  const draw = (count: number) => Float32Array.from({ length: count }, () => random() - 0.5);
  const map = draw(features * dims);
  const pictures = draw(rows * features).map((value) => value + 3);
  const captions = new Float32Array(rows * dims);
  for (let row = 0; row < rows; row++) {
    const own = Array.from({ length: dims }, (_, to) => {
      const meant = Array.from({ length: features }, (_, at) => {
        return ((pictures[row * features + at] ?? 0) - 3) * (map[at * dims + to] ?? 0);
      }).reduce((sum, value) => sum + value, 0);
      return (isRelated ? meant : random() - 0.5) + (to === 0 ? 2 : 0);
    });
    captions.set(
      own.map((value) => value / Math.hypot(...own)),
      row * dims,
    );
  }
  return {
    features: { values: pictures, width: features },
    captions: { values: captions, width: dims },
    groups: Array.from({ length: rows }, (_, row) => `caption ${row}`),
    seed: 1,
  };
}

it('finds a known map, and says by pictures that no fit saw how well', () => {
  const { heldOut, weight, bias, ridge } = alignPictures(makePairs(5));
  expect(heldOut.pictures).toBe(rows);
  expect(heldOut.recall10).toBeGreaterThan(0.9);
  expect(heldOut.mrr).toBeGreaterThan(6 * heldOut.chance.mrr);
  expect([weight.length, bias.length]).toEqual([features * dims, dims]);
  expect(ridge).toBeLessThan(1);
});

it('promises nothing where captions say nothing of their pictures', () => {
  const { heldOut } = alignPictures(makePairs(5, false));
  expect(heldOut.recall10).toBeLessThan(heldOut.chance.recall10 + 0.15);
});

it('is the same for the same seed', () => {
  expect(alignPictures(makePairs(5))).toEqual(alignPictures(makePairs(5)));
});

it('keeps what all captions have in common out of the pictures, so that none is near to everything', () => {
  const pairs = makePairs(7);
  const { weight, bias } = alignPictures(pairs);
  const { values } = pairs.captions;
  const shared = [0, 1, 2, 3].map(
    (to) => values.filter((_, at) => at % dims === to).reduce((sum, one) => sum + one, 0) / rows,
  );
  const along = (row: Float32Array) => row.reduce((sum, value, to) => sum + value * (shared[to] ?? 0), 0);
  for (let at = 0; at < features; at++) expect(along(weight.slice(at * dims, (at + 1) * dims))).toBeCloseTo(0, 5);
  expect(along(bias)).toBeCloseTo(0, 5);
});

it('never judges a caption by a fit that saw the same words', () => {
  const pairs = makePairs(5, false);
  // Thirty pictures twice: seen once, the other of two would be found at once.
  const twice = <T extends { values: Float32Array; width: number }>(table: T) => {
    const half = table.values.slice(0, (rows / 2) * table.width);
    return { ...table, values: Float32Array.from([...half, ...half]) };
  };
  const groups = pairs.groups.map((_, row) => `caption ${row % (rows / 2)}`);
  const doubled = { ...pairs, features: twice(pairs.features), captions: twice(pairs.captions) };
  const apart = alignPictures({ ...doubled, groups }).heldOut;
  const leaking = alignPictures(doubled).heldOut;
  expect(leaking.recall10).toBeGreaterThan(apart.recall10 + 0.1);
});

it('solves the ridged equations', () => {
  const gram = Float64Array.from([4, 1, 1, 2]);
  // Mean diagonal 3: (G + .5 · 3 · I) = [[5.5, 1], [1, 3.5]].
  const { values } = solveRidge(gram, { values: Float32Array.from([6.5, 4.5]), width: 1 }, 0.5);
  expect([...values]).toEqual([expect.closeTo(1, 6), expect.closeTo(1, 6)]);
  expect(() => solveRidge(new Float64Array(4), { values: new Float32Array(2), width: 1 }, 0.5)).toThrow(/all alike/);
});

it('ranks captions against pictures', () => {
  const captions = { values: Float32Array.from([1, 0, 0, 1]), width: 2 };
  expect(measureCaptions(captions, { values: Float32Array.from([5, 0, 0, 2]), width: 2 })).toEqual({
    recall10: 1,
    mrr: 1,
    logRank: 0,
  });
  expect(measureCaptions(captions, { values: Float32Array.from([0, 5, 2, 0]), width: 2 }).mrr).toBe(0.5);
  expect(chanceOf(40).recall10).toBe(0.25);
  expect(chanceOf(2).mrr).toBe(0.75);
});
