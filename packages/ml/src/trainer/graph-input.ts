export type GraphInput =
  | { type: 'float32'; dims: number[]; values: Float32Array }
  | { type: 'int64'; dims: number[]; values: BigInt64Array };

/** One micro-batch as graph inputs by name. */
export type BatchInputs = Record<string, GraphInput>;

export function int64Column(values: readonly number[]): GraphInput {
  return { type: 'int64', dims: [values.length], values: BigInt64Array.from(values.map(BigInt)) };
}

export function floatColumn(values: readonly number[]): GraphInput {
  return { type: 'float32', dims: [values.length, 1], values: Float32Array.from(values) };
}

/** A matrix that `fill` writes row by row into zeros. */
export function floatMatrix(
  { rows, columns }: { rows: number; columns: number },
  fill: (row: Float32Array, at: number) => void,
): GraphInput {
  const values = new Float32Array(rows * columns);
  for (let at = 0; at < rows; at += 1) fill(values.subarray(at * columns, (at + 1) * columns), at);
  return { type: 'float32', dims: [rows, columns], values };
}
