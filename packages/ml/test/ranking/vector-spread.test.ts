import { describe, expect, it } from 'vitest';
import {
  createRandom,
  effectiveRank,
  meanPairwiseCosine,
  measureAnchor,
  neighbourOverlap,
} from '../../src/ranking/index.ts';

function drawUnit(count: number, dims: number, seed: number): Float32Array[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const raw = Array.from(
      { length: dims },
      () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
    );
    const length = Math.hypot(...raw);
    return Float32Array.from(raw, (value) => value / length);
  });
}

describe('vector spread', () => {
  it('mean pairwise cosine equals the mean over all pairs', () => {
    const vectors = drawUnit(12, 5, 1);
    const pairs: number[] = [];
    for (const [place, left] of vectors.entries())
      for (const right of vectors.slice(0, place))
        pairs.push(Array.from(left).reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0));
    const mean = pairs.reduce((sum, cosine) => sum + cosine, 0) / pairs.length;
    expect(meanPairwiseCosine(vectors)).toBeCloseTo(mean, 6);
  });

  it('effective rank counts directions: k orthogonal pairs of opposite vectors use k of them', () => {
    for (const used of [1, 2, 5]) {
      const vectors = Array.from({ length: used }, (_, axis) => [1, -1].map((sign) => axisVector(axis, sign))).flat();
      expect(effectiveRank(vectors)).toBeCloseTo(used, 6);
    }
  });

  it('effective rank of isotropic vectors approaches the number of dimensions', () => {
    expect(effectiveRank(drawUnit(600, 8, 2))).toBeGreaterThan(7.5);
  });

  it('a collapsed space shows as cosine 1 and no directions', () => {
    const collapsed = Array.from({ length: 10 }, () => axisVector(0, 1));
    expect(meanPairwiseCosine(collapsed)).toBeCloseTo(1, 6);
    expect(effectiveRank(collapsed)).toBe(0);
  });

  it('neighbours are kept by a rotation and lost by a fresh draw', () => {
    const before = drawUnit(60, 6, 3);
    const rotated = before.map((vector) => Float32Array.from(vector, (_, index) => vector[(index + 1) % 6] ?? 0));
    expect(neighbourOverlap({ before, after: rotated, neighbours: 10 })).toBe(1);
    expect(neighbourOverlap({ before, after: drawUnit(60, 6, 4), neighbours: 10 })).toBeLessThan(0.35);
    expect(measureAnchor({ before, after: rotated }).texts).toBe(60);
  });
});

function axisVector(axis: number, sign: number): Float32Array {
  const vector = new Float32Array(8);
  vector[axis] = sign;
  return vector;
}
