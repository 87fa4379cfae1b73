import type { VectorRow } from '@embedding-studio/contracts';

/** All part vectors of one model over the corpus, packed for exact search in memory. */
export interface VectorSide {
  itemIds: string[];
  /** Index in `itemIds` of each. */
  placeOf: ReadonlyMap<string, number>;
  /** For each part the index of its item in `itemIds`. */
  ownerOf: Int32Array;
  dims: number;
  /** [part][dims], unit length. */
  values: Float32Array;
}

export function packVectors(rows: readonly VectorRow[]): VectorSide {
  const dims = rows[0]?.vector.length ?? 0;
  const places = new Map<string, number>();
  const ownerOf = new Int32Array(rows.length);
  const values = new Float32Array(rows.length * dims);
  rows.forEach((row, part) => {
    const place = places.get(row.itemId) ?? places.size;
    places.set(row.itemId, place);
    ownerOf[part] = place;
    values.set(row.vector, part * dims);
  });
  return { itemIds: [...places.keys()], placeOf: places, ownerOf, dims, values };
}

/** The cosine of every item's best part with the query, in the order of `itemIds`. */
export function scoreAllItems(side: VectorSide, query: Float32Array): Float64Array {
  const best = new Float64Array(side.itemIds.length).fill(-2);
  for (let part = 0; part < side.ownerOf.length; part++) {
    const start = part * side.dims;
    let cosine = 0;
    for (let column = 0; column < side.dims; column++)
      cosine += (side.values[start + column] as number) * (query[column] as number);
    const owner = side.ownerOf[part] as number;
    if (cosine > (best[owner] as number)) best[owner] = cosine;
  }
  return best;
}
