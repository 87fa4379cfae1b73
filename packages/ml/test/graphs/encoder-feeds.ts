import { Tensor } from 'onnxruntime-node';
import type { Feeds } from '../../src/autodiff/index.ts';
import { createNormalSource } from './random-normal.ts';

/** Ids, a mask with padding in some rows, and segments for a batch of texts. */
export function makeTextFeeds(rows: number, length: number): Feeds {
  const cells = Array.from({ length: rows * length }, (_, i) => ({ row: Math.floor(i / length), column: i % length }));
  const tensor = (value: (cell: { row: number; column: number }, i: number) => number) =>
    new Tensor('int64', BigInt64Array.from(cells.map((cell, i) => BigInt(value(cell, i)))), [rows, length]);
  return {
    input_ids: tensor((_, i) => (i * 7919 + 13) % 37),
    attention_mask: tensor(({ row, column }) => (column < Math.max(1, length - (row % 3)) ? 1 : 0)),
    token_type_ids: tensor(({ column }) => (column < 2 ? 0 : 1)),
  };
}

export function makeImageFeeds(rows: number): Feeds {
  const normal = createNormalSource(rows);
  const pixels = Float32Array.from({ length: rows * 3 * 8 * 8 }, normal);
  return { pixel_values: new Tensor('float32', pixels, [rows, 3, 8, 8]) };
}
