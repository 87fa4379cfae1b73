import { type ItemRows, StudioError } from '@embedding-studio/contracts';
import { towerValue } from './encoder-graph.ts';
import { type BatchInputs, floatMatrix } from './graph-input.ts';

/** Row of an item that training leaves where it is; undefined for an item without one. */
export type FindRow = (itemId: string) => Float32Array | undefined;

/** @throws StudioError MODEL_INVALID when the rows are not those of a model of `dims`. */
export function openRows({ ids, dims, values }: ItemRows, modelDims: number): FindRow {
  if (dims !== modelDims || values.length !== ids.length * dims)
    throw new StudioError('MODEL_INVALID', `Item rows of ${dims} numbers were given to a model of ${modelDims}`);
  const place = new Map(ids.map((itemId, at) => [itemId, at]));
  return (itemId) => {
    const at = place.get(itemId);
    return at === undefined ? undefined : values.subarray(at * dims, (at + 1) * dims);
  };
}

/** What stands in for the item tower: its output, as an input. */
export function rowInputs(
  itemIds: readonly string[],
  { output, rowOf }: { output: string; rowOf: FindRow },
): BatchInputs {
  const rows = itemIds.map((itemId) => rowOf(itemId) ?? new Float32Array());
  const matrix = floatMatrix({ rows: rows.length, columns: rows[0]?.length ?? 0 }, (row, at) =>
    row.set(rows[at] ?? []),
  );
  return { [towerValue('item', output)]: matrix };
}

/** Vectors of the items asked for, one after another. */
export function packRows(itemIds: readonly string[], rows: ItemRows): Float32Array {
  const rowOf = openRows(rows, rows.dims);
  const packed = new Float32Array(itemIds.length * rows.dims);
  itemIds.forEach((itemId, at) => {
    packed.set(rowOf(itemId) ?? [], at * rows.dims);
  });
  return packed;
}
