import { modelInvalid } from './model-errors.ts';
import type { OnnxTensor } from './model-types.ts';

export const dataTypes = {
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  double: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const;

export type TensorValues =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

interface ElementKind {
  readonly runtimeName: string;
  readonly bytes: number;
  fromBuffer(buffer: ArrayBuffer): TensorValues;
  fromFields(tensor: OnnxTensor): TensorValues;
}

const ints = (tensor: OnnxTensor): number[] => tensor.int32Data ?? [];

const elementKinds: Readonly<Record<number, ElementKind>> = {
  1: kind(
    'float32',
    4,
    (b) => new Float32Array(b),
    (t) => Float32Array.from(t.floatData ?? []),
  ),
  2: kind(
    'uint8',
    1,
    (b) => new Uint8Array(b),
    (t) => Uint8Array.from(ints(t)),
  ),
  3: kind(
    'int8',
    1,
    (b) => new Int8Array(b),
    (t) => Int8Array.from(ints(t)),
  ),
  4: kind(
    'uint16',
    2,
    (b) => new Uint16Array(b),
    (t) => Uint16Array.from(ints(t)),
  ),
  5: kind(
    'int16',
    2,
    (b) => new Int16Array(b),
    (t) => Int16Array.from(ints(t)),
  ),
  6: kind(
    'int32',
    4,
    (b) => new Int32Array(b),
    (t) => Int32Array.from(ints(t)),
  ),
  7: kind(
    'int64',
    8,
    (b) => new BigInt64Array(b),
    (t) => BigInt64Array.from(t.int64Data ?? []),
  ),
  9: kind(
    'bool',
    1,
    (b) => new Uint8Array(b),
    (t) => Uint8Array.from(ints(t)),
  ),
  10: kind(
    'float16',
    2,
    (b) => new Uint16Array(b),
    (t) => Uint16Array.from(ints(t)),
  ),
  11: kind(
    'float64',
    8,
    (b) => new Float64Array(b),
    (t) => Float64Array.from(t.doubleData ?? []),
  ),
  12: kind(
    'uint32',
    4,
    (b) => new Uint32Array(b),
    (t) => Uint32Array.from((t.uint64Data ?? []).map(Number)),
  ),
  13: kind(
    'uint64',
    8,
    (b) => new BigUint64Array(b),
    (t) => BigUint64Array.from(t.uint64Data ?? []),
  ),
  16: kind(
    'bfloat16',
    2,
    (b) => new Uint16Array(b),
    (t) => Uint16Array.from(ints(t)),
  ),
};

function kind(
  runtimeName: string,
  bytes: number,
  ...[fromBuffer, fromFields]: [ElementKind['fromBuffer'], ElementKind['fromFields']]
): ElementKind {
  return { runtimeName, bytes, fromBuffer, fromFields };
}

export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** The name ONNX Runtime gives a TensorProto data type, such as `float32` for 1. */
export function runtimeTypeName(dataType: number | undefined): string | undefined {
  return elementKinds[dataType ?? 0]?.runtimeName;
}

function elementOf(tensor: OnnxTensor): ElementKind {
  const element = elementKinds[tensor.dataType ?? 0];
  if (element) return element;
  throw modelInvalid(`Tensor ${tensor.name || '(unnamed)'} has element type ${tensor.dataType}, which cannot be read`);
}

/** Bytes of one element. @throws StudioError MODEL_INVALID for a type without an array form. */
export function elementBytes(tensor: OnnxTensor): number {
  return elementOf(tensor).bytes;
}

/**
 * The values of a tensor as an aligned, writable copy; float16 and bfloat16 as their 16-bit patterns, bool as 0 and 1.
 * @throws StudioError MODEL_INVALID when the element type has no array form or the values do not fill the dims.
 */
export function tensorValues(tensor: OnnxTensor): TensorValues {
  const name = tensor.name || '(unnamed)';
  const element = elementOf(tensor);
  const count = elementCount(tensor.dims);
  const raw = tensor.rawData;
  const holds = raw ? raw.length / element.bytes : undefined;
  if (holds !== undefined && holds !== count) {
    throw modelInvalid(`Tensor ${name} should hold ${count} values by its dims, but its data hold ${holds}`);
  }
  if (raw) return element.fromBuffer(new Uint8Array(raw).buffer);
  const values = element.fromFields(tensor);
  if (values.length === count) return values;
  throw modelInvalid(`Tensor ${name} should hold ${count} values by its dims, but its data hold ${values.length}`);
}

/** The values of a float32 tensor. @throws StudioError MODEL_INVALID when it holds another type. */
export function floatValues(tensor: OnnxTensor): Float32Array {
  const values = tensorValues(tensor);
  if (values instanceof Float32Array) return values;
  const type = runtimeTypeName(tensor.dataType);
  throw modelInvalid(`Tensor ${tensor.name || '(unnamed)'} holds ${type} values where float32 is needed`);
}

/** A tensor over `values` (a view, not a copy). Booleans: pass `dataType` 9 with a Uint8Array. */
export function makeTensor(
  name: string,
  dims: readonly number[],
  values: TensorValues | { dataType: number; values: TensorValues },
): OnnxTensor {
  const typed = 'dataType' in values ? values : { dataType: dataTypeOf(values), values };
  const { dataType, values: array } = typed;
  if (elementCount(dims) !== array.length) {
    throw modelInvalid(`Tensor ${name} with dims [${dims.join(', ')}] cannot hold ${array.length} values`);
  }
  return { name, dims: [...dims], dataType, rawData: new Uint8Array(array.buffer, array.byteOffset, array.byteLength) };
}

function dataTypeOf(values: TensorValues): number {
  if (values instanceof Float32Array) return dataTypes.float;
  if (values instanceof BigInt64Array) return dataTypes.int64;
  if (values instanceof Int32Array) return dataTypes.int32;
  if (values instanceof Float64Array) return dataTypes.double;
  if (values instanceof Int8Array) return dataTypes.int8;
  if (values instanceof Int16Array) return dataTypes.int16;
  if (values instanceof Uint16Array) return dataTypes.uint16;
  if (values instanceof Uint32Array) return dataTypes.uint32;
  return values instanceof BigUint64Array ? dataTypes.uint64 : dataTypes.uint8;
}
