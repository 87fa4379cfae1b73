import { deserialize, serialize } from 'bson';

export type BsonDocument = Record<string, unknown>;

export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

export function isPlainObject(value: unknown): value is BsonDocument {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** `{ $gt: 1 }` is an operator object, `{ a: 1 }` and `{}` are values. */
export function isOperatorObject(value: unknown): value is BsonDocument {
  return isPlainObject(value) && Object.keys(value).some((key) => key.startsWith('$'));
}

export function decodeDocument(bytes: Uint8Array): BsonDocument {
  return deserialize(bytes, { promoteBuffers: false });
}

export function encodeDocument(document: BsonDocument): Uint8Array {
  return serialize(document, { ignoreUndefined: true });
}

/** Copies objects and arrays; BSON values and dates are never changed in place and are kept by reference. */
export function cloneValue<T>(value: T): T {
  if (Array.isArray(value)) return value.map(cloneValue) as T;
  if (!isPlainObject(value)) return value;
  const copy: BsonDocument = {};
  for (const key of Object.keys(value)) copy[key] = cloneValue(value[key]);
  return copy as T;
}
