import { type LinearAdapter, StudioError } from '@embedding-studio/contracts';

/** Keeps a vector that the map sends to nothing from becoming infinite; below what float32 shows in any other. */
const floor = 1e-12;
const magic = 0x31414453;
const headerWords = 3;

/** Rows of `values` ([row][dims]) moved by the adapter, as new rows of unit length. */
export function applyAdapter({ dims, rank, u, v, bias }: LinearAdapter, values: Float32Array): Float32Array {
  if (dims === 0 || values.length % dims !== 0)
    throw new StudioError('MODEL_INVALID', `An adapter of ${dims} dims cannot move ${values.length} numbers.`);
  const moved = new Float32Array(values.length);
  const down = new Float64Array(rank);
  for (let start = 0; start < values.length; start += dims) {
    project(down, { v, rank, values, start, dims });
    let square = floor;
    for (let column = 0; column < dims; column++) {
      let sum = (values[start + column] as number) + (bias[column] as number);
      const row = column * rank;
      for (let inner = 0; inner < rank; inner++) sum += (u[row + inner] as number) * (down[inner] as number);
      moved[start + column] = sum;
      square += sum * sum;
    }
    const scale = 1 / Math.sqrt(square);
    for (let column = start; column < start + dims; column++) moved[column] = (moved[column] as number) * scale;
  }
  return moved;
}

/** Vᵀ x. */
function project(
  down: Float64Array,
  {
    v,
    rank,
    values,
    start,
    dims,
  }: { v: Float32Array; rank: number; values: Float32Array; start: number; dims: number },
): void {
  down.fill(0);
  for (let column = 0; column < dims; column++) {
    const value = values[start + column] as number;
    const row = column * rank;
    for (let inner = 0; inner < rank; inner++)
      down[inner] = (down[inner] as number) + (v[row + inner] as number) * value;
  }
}

/** Leaves every vector of unit length as it is. */
export function identityAdapter(dims: number): LinearAdapter {
  const flat = () => new Float32Array(dims);
  return { dims, rank: 1, u: flat(), v: flat(), bias: flat() };
}

/** Little-endian: magic, dims, rank, then U, V and b as float32. */
export function encodeAdapter({ dims, rank, u, v, bias }: LinearAdapter): Uint8Array {
  const bytes = Buffer.alloc(4 * (headerWords + u.length + v.length + bias.length));
  for (const [at, word] of [magic, dims, rank].entries()) bytes.writeUInt32LE(word, 4 * at);
  let at = headerWords;
  for (const part of [u, v, bias]) for (const value of part) bytes.writeFloatLE(value, 4 * at++);
  return bytes;
}

/** @throws StudioError MODEL_INVALID for anything that `encodeAdapter` did not write. */
export function decodeAdapter(encoded: Uint8Array): LinearAdapter {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  if (bytes.length < 4 * headerWords || bytes.readUInt32LE(0) !== magic)
    throw new StudioError('MODEL_INVALID', 'A stored adapter does not begin as one.');
  const [dims, rank] = [bytes.readUInt32LE(4), bytes.readUInt32LE(8)];
  const count = dims * rank;
  if (bytes.length !== 4 * (headerWords + 2 * count + dims))
    throw new StudioError('MODEL_INVALID', 'A stored adapter is cut short.');
  const read = (from: number, length: number) =>
    Float32Array.from({ length }, (_, at) => bytes.readFloatLE(4 * (headerWords + from + at)));
  return { dims, rank, u: read(0, count), v: read(count, count), bias: read(2 * count, dims) };
}
