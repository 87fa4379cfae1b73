/** Rows of equal length in one array. */
export interface VectorTable {
  values: Float32Array;
  width: number;
}

export function rowsOf({ values, width }: VectorTable): number {
  return width === 0 ? 0 : values.length / width;
}

export function rowOf({ values, width }: VectorTable, index: number): Float32Array {
  return values.subarray(index * width, (index + 1) * width);
}

export function pickRows(table: VectorTable, indices: readonly number[]): VectorTable {
  const values = new Float32Array(indices.length * table.width);
  for (const [place, index] of indices.entries()) values.set(rowOf(table, index), place * table.width);
  return { values, width: table.width };
}
