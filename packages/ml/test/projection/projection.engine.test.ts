import { describe, expect, it } from 'vitest';
import { alignPoints, projectVectors } from '../../src/projection/index.ts';
import { createRandom } from '../../src/ranking/seeded-random.ts';
import { clusters, makeTable, width } from './clustered-table.ts';

function nearestOf(values: Float32Array, options: { width: number; row: number; count: number }): number[] {
  const { width: size, row, count } = options;
  const distance = (other: number) => {
    let sum = 0;
    for (let at = 0; at < size; at++) sum += ((values[row * size + at] ?? 0) - (values[other * size + at] ?? 0)) ** 2;
    return sum;
  };
  const others = Array.from({ length: values.length / size }, (_, other) => ({ other, away: distance(other) }));
  const ordered = others.filter(({ other }) => other !== row).sort((left, right) => left.away - right.away);
  return ordered.slice(0, count).map(({ other }) => other);
}

describe('a projection', () => {
  it('keeps neighbours near, those placed between landmarks too, and is the same every time', async () => {
    const table = makeTable(180);
    const { points, place } = await projectVectors(table, { seed: 1, landmarksMax: 120 });
    let shared = 0;
    for (let row = 0; row < 180; row += 6) {
      const before = new Set(nearestOf(table.values, { width, row, count: 18 }));
      shared += nearestOf(points, { width: 2, row, count: 18 }).filter((other) => before.has(other)).length;
    }
    // Chance is one in ten.
    expect(shared / (30 * 18)).toBeGreaterThan(0.4);
    const again = await projectVectors(table, { seed: 1, landmarksMax: 120 });
    expect(again.points).toEqual(points);
    const placed = place({ values: table.values.slice(0, width), width });
    const first = nearestOf(Float32Array.of(...placed, ...points), { width: 2, row: 0, count: 10 });
    expect(first.filter((other) => (other - 1) % clusters === 0).length).toBeGreaterThan(7);
  });

  it('takes any number of rows', async () => {
    for (const rows of [1, 2, 17]) {
      const { points } = await projectVectors(makeTable(rows), { seed: 1, landmarksMax: 10 });
      expect(points).toHaveLength(rows * 2);
      expect(points.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('an alignment', () => {
  const random = createRandom(2);
  const target = Float32Array.from({ length: 40 }, () => random());
  const moved = (mirror: 1 | -1) => {
    const [cos, sin] = [Math.cos(2.1) * 3, Math.sin(2.1) * 3];
    const source = new Float32Array(40);
    for (let at = 0; at < 40; at += 2) {
      const [x, y] = [target[at] ?? 0, mirror * (target[at + 1] ?? 0)];
      source.set([x * cos - y * sin + 7, x * sin + y * cos - 4], at);
    }
    return source;
  };

  it.each([1, -1] as const)('recovers a known turn, size and shift, mirrored or not (%i)', (mirror) => {
    const source = moved(mirror);
    const { apply, residual } = alignPoints(source, target);
    for (const [at, value] of apply(source).entries()) expect(value).toBeCloseTo(target[at] ?? 0, 4);
    expect(residual).toBeLessThan(1e-6);
  });

  it('moves nothing where nothing is shared', () => {
    const { apply, residual } = alignPoints(new Float32Array(0), new Float32Array(0));
    expect([...apply(Float32Array.of(1, 2))]).toEqual([1, 2]);
    expect(residual).toBe(1);
  });
});
