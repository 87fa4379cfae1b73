import { expect, test } from 'vitest';
import { applyAdapter, applyAdapterToMany } from '../../src/adapters/index.ts';
import { createRandom } from '../../src/ranking/index.ts';

const [dims, rank] = [24, 4];

test('many vectors are moved as each would be alone, over the borders of pages', async () => {
  const random = createRandom(3);
  const draw = (length: number) => Float32Array.from({ length }, () => random() - 0.5);
  const adapter = { dims, rank, u: draw(dims * rank), v: draw(dims * rank), bias: draw(dims) };
  const vectors = Array.from({ length: 2_050 }, () => draw(dims));
  const moved = await applyAdapterToMany(adapter, vectors);
  expect(moved).toHaveLength(vectors.length);
  for (const at of [0, 1, 2_047, 2_048, 2_049]) {
    const alone = applyAdapter(adapter, vectors[at] ?? new Float32Array());
    for (const [column, value] of alone.entries()) expect(moved[at]?.[column]).toBeCloseTo(value, 5);
  }
  expect(await applyAdapterToMany(adapter, [])).toEqual([]);
});
