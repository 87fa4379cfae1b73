import type { VectorTable } from '../../src/projection/index.ts';
import { createRandom } from '../../src/ranking/seeded-random.ts';

export const width = 24;
export const clusters = 6;

/** Points around six far corners of a space of 24 dimensions. */
export function makeTable(rows: number): VectorTable {
  const random = createRandom(5);
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++)
    for (let at = 0; at < width; at++)
      values[row * width + at] = (at % clusters === row % clusters ? 1 : 0) + 0.3 * (random() - 0.5);
  return { values, width };
}
