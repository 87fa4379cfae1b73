import { StudioError } from '@embedding-studio/contracts';

/**
 * A vector as pgvector's type reads it from the wire: two 16-bit numbers (dimensions, 0), then the values.
 * Exact, and an eighth of the work of digits on both ends.
 * @throws StudioError MODEL_INVALID on wrong length or a non-finite value
 */
export function toVectorBytes(vector: Float32Array, dims: number): Buffer {
  if (vector.length !== dims)
    throw new StudioError('MODEL_INVALID', `A vector has ${vector.length} dimensions, the collection ${dims}`);
  const bytes = Buffer.allocUnsafe(4 + 4 * dims);
  bytes.writeUInt32BE(dims * 0x10000);
  for (let at = 0; at < dims; at++) {
    const value = vector[at] ?? Number.NaN;
    if (!Number.isFinite(value)) throw new StudioError('MODEL_INVALID', 'A vector holds a value that is not finite');
    bytes.writeFloatBE(value, 4 + 4 * at);
  }
  return bytes;
}

/** A one-dimensional array of such vectors; `type` is the number that the database has given to their type. */
export function toVectorArrayBytes(vectors: readonly Buffer[], type: number): Buffer {
  const header = Buffer.alloc(20);
  [1, 0, type, vectors.length, 1].forEach((value, at) => {
    header.writeUInt32BE(value, 4 * at);
  });
  const pieces = vectors.flatMap((bytes) => {
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat([header, ...pieces]);
}
