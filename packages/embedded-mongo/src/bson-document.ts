import { calculateObjectSize, deserialize, serialize } from 'bson';
import { StoreError } from './store-error.ts';

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

const received = new WeakMap<BsonDocument, Uint8Array>();

/** Decodes a document and keeps its bytes until `takeBytes` asks for them, so that storing it need not encode it again. */
export function decodeReceived(bytes: Uint8Array): BsonDocument {
  const document = decodeDocument(bytes);
  received.set(document, bytes);
  return document;
}

/** The bytes that a document came as; undefined when it was made here, or asked for before. */
export function takeBytes(document: BsonDocument): Uint8Array | undefined {
  const bytes = received.get(document);
  received.delete(document);
  return bytes;
}

export function sizeOf(document: BsonDocument): number {
  return calculateObjectSize(document, { ignoreUndefined: true });
}

export function encodeDocument(document: BsonDocument): Uint8Array {
  try {
    return serialize(document, { ignoreUndefined: true });
  } catch (error) {
    // The serializer's buffer holds a little more than the largest document.
    if (!(error instanceof RangeError)) throw error;
    throw new StoreError('BSONObjectTooLarge', `A document or answer is larger than ${MAX_DOCUMENT_BYTES} bytes.`);
  }
}

/** Copies objects and arrays; BSON values and dates are never changed in place and are kept by reference. */
export function cloneValue<T>(value: T): T {
  if (Array.isArray(value)) return value.map(cloneValue) as T;
  if (!isPlainObject(value)) return value;
  const copy: BsonDocument = {};
  for (const key of Object.keys(value)) copy[key] = cloneValue(value[key]);
  return copy as T;
}
