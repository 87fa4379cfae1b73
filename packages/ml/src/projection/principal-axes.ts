import { createRandom } from '../ranking/seeded-random.ts';
import { rowOf, rowsOf, type VectorTable } from './vector-table.ts';

const rounds = 8;

export interface PrincipalAxes {
  mean: Float32Array;
  /** `count` axes of unit length, widest spread first. */
  axes: VectorTable;
}

/** The directions in which the rows spread most, by subspace iteration (Halko, Martinsson & Tropp 2011). */
export function findPrincipalAxes(table: VectorTable, options: { count: number; seed: number }): PrincipalAxes {
  const { width } = table;
  const count = Math.min(options.count, width, rowsOf(table));
  const mean = meanOf(table);
  const random = createRandom(options.seed);
  const start = Float32Array.from({ length: count * width }, () => random() - 0.5);
  let axes: VectorTable = { values: start, width };
  for (let round = 0; round < rounds; round++) axes = orthogonal(spread(table, mean, axes));
  return { mean, axes };
}

function meanOf(table: VectorTable): Float32Array {
  const mean = new Float32Array(table.width);
  const rows = rowsOf(table);
  for (let row = 0; row < rows; row++) {
    const values = rowOf(table, row);
    for (let at = 0; at < table.width; at++) mean[at] = (mean[at] ?? 0) + (values[at] ?? 0) / rows;
  }
  return mean;
}

/** The covariance times the axes. */
function spread(table: VectorTable, mean: Float32Array, axes: VectorTable): VectorTable {
  const { width } = table;
  const count = rowsOf(axes);
  const sums = new Float32Array(count * width);
  const centred = new Float32Array(width);
  for (let row = 0; row < rowsOf(table); row++) {
    const values = rowOf(table, row);
    for (let at = 0; at < width; at++) centred[at] = (values[at] ?? 0) - (mean[at] ?? 0);
    for (let axis = 0; axis < count; axis++) {
      const share = dot(centred, rowOf(axes, axis));
      const base = axis * width;
      for (let at = 0; at < width; at++) sums[base + at] = (sums[base + at] ?? 0) + share * (centred[at] ?? 0);
    }
  }
  return { values: sums, width };
}

/** Gram–Schmidt, in place. */
function orthogonal(axes: VectorTable): VectorTable {
  for (let axis = 0; axis < rowsOf(axes); axis++) {
    const row = rowOf(axes, axis);
    for (let before = 0; before < axis; before++) {
      const other = rowOf(axes, before);
      const share = dot(row, other);
      for (let at = 0; at < axes.width; at++) row[at] = (row[at] ?? 0) - share * (other[at] ?? 0);
    }
    const length = Math.sqrt(dot(row, row)) || 1;
    for (let at = 0; at < axes.width; at++) row[at] = (row[at] ?? 0) / length;
  }
  return axes;
}

/** Coordinates of the rows along the axes. */
export function alongAxes(table: VectorTable, { mean, axes }: PrincipalAxes): VectorTable {
  const [rows, count] = [rowsOf(table), rowsOf(axes)];
  const offsets = Float32Array.from({ length: count }, (_, axis) => dot(mean, rowOf(axes, axis)));
  const values = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++)
    for (let axis = 0; axis < count; axis++)
      values[row * count + axis] = dot(rowOf(table, row), rowOf(axes, axis)) - (offsets[axis] ?? 0);
  return { values, width: count };
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at++) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}
