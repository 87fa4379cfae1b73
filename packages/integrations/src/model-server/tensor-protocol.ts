import { StudioError } from '@embedding-studio/contracts';

/**
 * KServe v2 with the binary tensor data extension: a JSON header, then the raw little-endian tensors in order.
 * Source: kserve/open-inference-protocol, and Triton's extension_binary_data.
 */
export type Datatype = 'INT64' | 'INT32' | 'FP32';

export interface Tensor {
  name: string;
  datatype: Datatype;
  shape: number[];
  values: BigInt64Array | Int32Array | Float32Array;
}

export interface InferHeader {
  id?: string;
  parameters?: Record<string, unknown>;
  inputs?: TensorHeader[];
  outputs?: TensorHeader[];
  model_name?: string;
  model_version?: string;
}

export interface TensorHeader {
  name: string;
  shape?: number[];
  datatype?: string;
  data?: (number | string)[];
  parameters?: Record<string, unknown>;
}

export const headerLengthHeader = 'inference-header-content-length';

const arrays = { INT64: BigInt64Array, INT32: Int32Array, FP32: Float32Array } as const;

export function encodeMessage(
  header: InferHeader,
  key: 'inputs' | 'outputs',
  tensors: readonly Tensor[],
): { body: Buffer; headerBytes: number } {
  const described = tensors.map(({ name, datatype, shape, values }) => ({
    name,
    datatype,
    shape,
    parameters: { binary_data_size: values.byteLength },
  }));
  const requested = key === 'inputs' ? { outputs: header.outputs } : {};
  const json = Buffer.from(JSON.stringify({ ...header, ...requested, [key]: described }));
  const blobs = tensors.map(bytesOf);
  return { body: Buffer.concat([json, ...blobs]), headerBytes: json.length };
}

/** The raw bytes of a tensor, not copied. */
export function bytesOf({ values }: Tensor): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

export function decodeMessage(
  body: Buffer,
  headerBytes: number,
  key: 'inputs' | 'outputs',
): { header: InferHeader; tensors: Tensor[] } {
  if (!Number.isInteger(headerBytes) || headerBytes <= 0 || headerBytes > body.length) {
    throw new StudioError('INPUT_INVALID', 'The inference header length does not fit the body.', {
      field: headerLengthHeader,
    });
  }
  const header = parseHeader(body.subarray(0, headerBytes));
  const listed = header[key];
  if (!Array.isArray(listed))
    throw new StudioError('INPUT_INVALID', `"${key}" must be a list of tensors.`, { field: key });
  let offset = headerBytes;
  const tensors = listed.map((item, index) => {
    const field = `${key}.${index}`;
    const size = item.parameters?.binary_data_size;
    if (typeof size !== 'number') return fromJson(item, field);
    if (offset + size > body.length)
      throw new StudioError('INPUT_INVALID', 'The body ends before the tensor does.', { field });
    const bytes = body.subarray(offset, offset + size);
    offset += size;
    return readTensor(item, bytes, field);
  });
  return { header, tensors };
}

function parseHeader(bytes: Buffer): InferHeader {
  try {
    const parsed: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch (cause) {
    throw new StudioError('INPUT_INVALID', 'The inference header is not JSON.', { field: 'body', cause });
  }
  throw new StudioError('INPUT_INVALID', 'The inference header must be a JSON object.', { field: 'body' });
}

function describe(item: TensorHeader, field: string): { datatype: Datatype; shape: number[]; count: number } {
  const { datatype, shape } = item;
  if (datatype !== 'INT64' && datatype !== 'INT32' && datatype !== 'FP32') {
    throw new StudioError(
      'INPUT_INVALID',
      `Tensor "${item.name}" has datatype ${datatype}; INT64, INT32 or FP32 are supported.`,
      { field },
    );
  }
  if (!Array.isArray(shape) || !shape.every((size) => Number.isInteger(size) && size >= 0)) {
    throw new StudioError('INPUT_INVALID', `Tensor "${item.name}" needs a shape of whole numbers.`, {
      field: `${field}.shape`,
    });
  }
  return { datatype, shape, count: shape.reduce((product, size) => product * size, 1) };
}

/**
 * A tensor of its description and its raw little-endian bytes.
 * @throws StudioError INPUT_INVALID naming `field`
 */
export function readTensor(item: TensorHeader, bytes: Buffer, field: string): Tensor {
  const { datatype, shape, count } = describe(item, field);
  const ArrayType = arrays[datatype];
  if (bytes.length !== count * ArrayType.BYTES_PER_ELEMENT) {
    throw new StudioError(
      'INPUT_INVALID',
      `Tensor "${item.name}" has ${bytes.length} bytes; its shape needs ${count * ArrayType.BYTES_PER_ELEMENT}.`,
      { field },
    );
  }
  // Copied: the blob is rarely aligned to its element size.
  const aligned = Uint8Array.prototype.slice.call(bytes).buffer;
  return { name: item.name, datatype, shape, values: new ArrayType(aligned) };
}

function fromJson(item: TensorHeader, field: string): Tensor {
  const { datatype, shape, count } = describe(item, field);
  const flat = (Array.isArray(item.data) ? item.data.flat(Number.POSITIVE_INFINITY) : []) as (number | string)[];
  if (flat.length !== count)
    throw new StudioError(
      'INPUT_INVALID',
      `Tensor "${item.name}" has ${flat.length} values; its shape needs ${count}.`,
      { field: `${field}.data` },
    );
  try {
    if (datatype === 'INT64')
      return { name: item.name, datatype, shape, values: BigInt64Array.from(flat, (value) => BigInt(value)) };
    const values = datatype === 'INT32' ? Int32Array.from(flat, Number) : Float32Array.from(flat, Number);
    return { name: item.name, datatype, shape, values };
  } catch (cause) {
    throw new StudioError('INPUT_INVALID', `Tensor "${item.name}" has a value that is not a number.`, {
      field: `${field}.data`,
      cause,
    });
  }
}
