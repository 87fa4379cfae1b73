import { StudioError } from '@embedding-studio/contracts';
import { brainToFloats, halfToFloat } from '@embedding-studio/ml/onnx';
import { z } from 'zod';

/** A named array of float32 values, row-major. */
export interface WeightTensor {
  dims: number[];
  values: Float32Array;
}

const headerLengthMax = 100_000_000;

const TensorHeader = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});

function refuse(reason: string, cause?: unknown): never {
  throw new StudioError('MODEL_INVALID', `The safetensors file is damaged: ${reason}.`, { cause });
}

// The file's offsets are unaligned, so every view needs a copy of its own.
function toFloats(dtype: string, bytes: Uint8Array): Float32Array | null {
  const { buffer } = Uint8Array.from(bytes);
  if (dtype === 'F32') return new Float32Array(buffer);
  if (dtype === 'F16') return Float32Array.from(new Uint16Array(buffer), halfToFloat);
  if (dtype === 'BF16') return brainToFloats(new Uint16Array(buffer));
  return null;
}

const widthOf: Record<string, number> = { F32: 4, F16: 2, BF16: 2 };

function readHeader(bytes: Uint8Array): { entries: Record<string, unknown>; start: number } {
  if (bytes.length < 8) refuse('it is shorter than its length field');
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > headerLengthMax || 8 + length > bytes.length) refuse(`its header claims ${length} bytes`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length));
    return { entries: z.record(z.string(), z.unknown()).parse(JSON.parse(text)), start: 8 + length };
  } catch (error) {
    return refuse('its header is not JSON', error);
  }
}

/**
 * Reads a safetensors file: 8 bytes of header length (little-endian), a JSON header, the data.
 * F16 and BF16 are widened to float32; tensors of other types (position ids) are left out.
 * @throws StudioError MODEL_INVALID when the header or an offset is wrong.
 */
export function readSafetensors(bytes: Uint8Array): Map<string, WeightTensor> {
  const { entries, start } = readHeader(bytes);
  const tensors = new Map<string, WeightTensor>();
  for (const [name, value] of Object.entries(entries)) {
    if (name === '__metadata__') continue;
    const header = TensorHeader.safeParse(value);
    if (!header.success) refuse(`the header of ${name} is malformed`, header.error);
    const { dtype, shape, data_offsets: offsets } = header.data;
    const width = widthOf[dtype];
    if (width === undefined) continue;
    const size = shape.reduce((product, dim) => product * dim, 1) * width;
    if (offsets[1] - offsets[0] !== size || start + offsets[1] > bytes.length)
      refuse(`${name} does not fit its ${shape.join(' x ')} ${dtype} values`);
    const values = toFloats(dtype, bytes.subarray(start + offsets[0], start + offsets[1]));
    if (values) tensors.set(name, { dims: shape, values });
  }
  return tensors;
}
