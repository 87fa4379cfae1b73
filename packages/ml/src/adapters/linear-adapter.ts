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
  // In float64, so that no number is widened more than once; V transposed, so that both sums read memory in order.
  const [up, across, shift] = [
    Float64Array.from(u),
    transpose(v, { rows: dims, columns: rank }),
    Float64Array.from(bias),
  ];
  const row = new Float64Array(dims);
  const down = new Float64Array(rank);
  for (let start = 0; start < values.length; start += dims) {
    for (let column = 0; column < dims; column++) row[column] = values[start + column] as number;
    for (let inner = 0; inner < rank; inner++) down[inner] = dot(across, inner * dims, row);
    let square = floor;
    for (let column = 0; column < dims; column++) {
      const sum = (row[column] as number) + (shift[column] as number) + dot(up, column * rank, down);
      row[column] = sum;
      square += sum * sum;
    }
    const scale = 1 / Math.sqrt(square);
    for (let column = 0; column < dims; column++) moved[start + column] = (row[column] as number) * scale;
  }
  return moved;
}

/** Of `right` and as many numbers of `left`; four sums at once, which do not wait for one another. */
function dot(left: Float64Array, from: number, right: Float64Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let at = 0;
  for (; at + 3 < right.length; at += 4) {
    a += (left[from + at] as number) * (right[at] as number);
    b += (left[from + at + 1] as number) * (right[at + 1] as number);
    c += (left[from + at + 2] as number) * (right[at + 2] as number);
    d += (left[from + at + 3] as number) * (right[at + 3] as number);
  }
  for (; at < right.length; at++) a += (left[from + at] as number) * (right[at] as number);
  return a + b + c + d;
}

function transpose(values: Float32Array, { rows, columns }: { rows: number; columns: number }): Float64Array {
  const turned = new Float64Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = values[row * columns + column] as number;
  return turned;
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
