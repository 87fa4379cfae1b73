/** A matrix in whole numbers: column `c` stands for `values[·][c] × scales[c]`. */
export interface QuantizedMatrix {
  /** [inner, outer], −63 … 63: symmetric, so that a zero stays a zero and no offset has to be carried. */
  values: Int8Array;
  scales: Float32Array;
}

// Seven bits: processors without VNNI add two products of bytes in 16 bits, and 2 · 255 · 127 would not fit. They clip
// it silently, and vectors are wrong by a tenth.
const largest = 63;

/** Rounds a matrix [inner, outer] column by column, each by its own largest value. */
export function quantizeColumns(matrix: Float32Array, outer: number): QuantizedMatrix {
  const peaks = new Float32Array(outer);
  for (let i = 0; i < matrix.length; i += 1)
    peaks[i % outer] = Math.max(peaks[i % outer] as number, Math.abs(matrix[i] as number));
  const scales = peaks.map((peak) => (peak > 0 ? peak / largest : 1));
  const values = Int8Array.from(matrix, (value, i) => Math.round(value / (scales[i % outer] as number)));
  return { values, scales };
}

export function transpose(matrix: Float32Array, { rows, columns }: { rows: number; columns: number }): Float32Array {
  const turned = new Float32Array(matrix.length);
  for (let r = 0; r < rows; r += 1)
    for (let c = 0; c < columns; c += 1) turned[c * rows + r] = matrix[r * columns + c] as number;
  return turned;
}
