import { StudioError } from '@embedding-studio/contracts';
import { rowOf, rowsOf, type VectorTable } from '../projection/vector-table.ts';

/** Scalar products of all rows with all rows, [rows][rows]. */
export function gramOf(table: VectorTable): Float64Array {
  const rows = rowsOf(table);
  const gram = new Float64Array(rows * rows);
  for (let left = 0; left < rows; left++)
    for (let right = 0; right <= left; right++) {
      const product = dot(rowOf(table, left), rowOf(table, right));
      gram[left * rows + right] = product;
      gram[right * rows + left] = product;
    }
  return gram;
}

/** Some rows and columns of a Gram matrix of `of` rows. */
export function pickGram(gram: Float64Array, of: number, indices: readonly number[]): Float64Array {
  const picked = new Float64Array(indices.length ** 2);
  for (const [place, row] of indices.entries())
    for (const [at, column] of indices.entries()) picked[place * indices.length + at] = gram[row * of + column] ?? 0;
  return picked;
}

/**
 * Ridge regression with as many unknowns as there are rows, not features: (G + ridge · mean diagonal · I) A = targets,
 * whose predictions are products with the rows times A. Cholesky; the same result on any machine.
 */
export function solveRidge(gram: Float64Array, targets: VectorTable, ridge: number): VectorTable {
  const rows = rowsOf(targets);
  const factor = factorise(gram, rows, ridge);
  const { width } = targets;
  const solved = Float64Array.from(targets.values);
  for (let row = 0; row < rows; row++) {
    for (let before = 0; before < row; before++)
      subtract(solved, width, { row, by: before, times: at(factor, row * rows + before) });
    scale(solved, width, { row, by: 1 / at(factor, row * rows + row) });
  }
  for (let row = rows - 1; row >= 0; row--) {
    for (let after = row + 1; after < rows; after++)
      subtract(solved, width, { row, by: after, times: at(factor, after * rows + row) });
    scale(solved, width, { row, by: 1 / at(factor, row * rows + row) });
  }
  return { values: Float32Array.from(solved), width };
}

/** Lower triangle whose product with its transpose is the ridged matrix. */
function factorise(gram: Float64Array, rows: number, ridge: number): Float64Array {
  let trace = 0;
  for (let row = 0; row < rows; row++) trace += at(gram, row * rows + row);
  const added = (ridge * trace) / rows;
  const factor = new Float64Array(rows * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column <= row; column++) {
      let rest = at(gram, row * rows + column) + (row === column ? added : 0);
      for (let k = 0; k < column; k++) rest -= at(factor, row * rows + k) * at(factor, column * rows + k);
      if (row === column && !(rest > 0))
        throw new StudioError('INPUT_INVALID', 'The rows are all alike: nothing can be fitted to them.');
      factor[row * rows + column] = row === column ? Math.sqrt(rest) : rest / at(factor, column * rows + column);
    }
  return factor;
}

function subtract(values: Float64Array, width: number, { row, by, times }: { row: number; by: number; times: number }) {
  const [to, from] = [row * width, by * width];
  for (let column = 0; column < width; column++)
    values[to + column] = at(values, to + column) - times * at(values, from + column);
}

function scale(values: Float64Array, width: number, { row, by }: { row: number; by: number }) {
  for (let place = row * width; place < (row + 1) * width; place++) values[place] = at(values, place) * by;
}

const at = (values: Float64Array, place: number): number => values[place] as number;

export function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let place = 0; place < left.length; place++) sum += (left[place] as number) * (right[place] as number);
  return sum;
}
