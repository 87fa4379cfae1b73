import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { type BsonDocument, isPlainObject } from './bson-document.ts';

const END = '\u0000';
const view = new DataView(new ArrayBuffer(8));

/** Four UTF-16 units that sort as the number does: sign bit flipped, negatives inverted. */
function encodeNumber(value: number): string {
  if (Number.isNaN(value)) return '\u0000\u0000\u0000\u0000';
  view.setFloat64(0, value === 0 ? 0 : value);
  const negative = view.getUint8(0) >= 128;
  let text = '';
  for (let at = 0; at < 8; at += 2) {
    const unit = view.getUint16(at);
    text += String.fromCharCode(negative ? ~unit & 0xffff : at === 0 ? unit ^ 0x8000 : unit);
  }
  return text;
}

function encodeText(text: string): string {
  return `${text.includes(END) ? text.replaceAll(END, '\u0000\u0001') : text}\u0000\u0000`;
}

/** Numbers that a double cannot hold keep their digits, so that two of them are never taken for equal. */
function encodeExactNumber(value: Long | Decimal128): string {
  const digits = value.toString();
  const number = Number(digits);
  const exact = value instanceof Long ? Number.isSafeInteger(number) : String(number) === digits;
  if (exact) return `2${encodeNumber(number)}`;
  const offset = value instanceof Long ? (BigInt(digits) + 2n ** 63n).toString().padStart(20, '0') : digits;
  return `2${encodeNumber(number)}\u0001${encodeText(offset)}`;
}

/** A string whose order under `<` is MongoDB's order of values; no key is a prefix of a different value's key. */
export function encodeValue(value: unknown): string {
  if (value === undefined || value === null) return '1';
  if (typeof value === 'string') return `3${encodeText(value)}`;
  if (typeof value === 'number') return `2${encodeNumber(value)}`;
  if (typeof value === 'boolean') return value ? '81' : '80';
  if (value instanceof Date) return `9${encodeNumber(value.getTime())}`;
  if (value instanceof ObjectId) return `7${value.toHexString()}`;
  if (Array.isArray(value)) return `5${value.map(encodeValue).join('')}${END}`;
  if (isPlainObject(value)) return `4${encodeFields(value)}${END}`;
  return encodeRareValue(value);
}

function encodeFields(document: BsonDocument): string {
  return Object.keys(document)
    .map((key) => `3${encodeText(key)}${encodeValue(document[key])}`)
    .join('');
}

function encodeRareValue(value: unknown): string {
  if (value instanceof Timestamp) return `a${value.toString(16).padStart(16, '0')}`;
  if (value instanceof Long || value instanceof Decimal128) return encodeExactNumber(value);
  if (value instanceof Int32 || value instanceof Double) return `2${encodeNumber(value.value)}`;
  if (value instanceof Binary) return `6${encodeText(`${value.sub_type}:${value.toString('hex')}`)}`;
  if (value instanceof MinKey) return '0';
  if (value instanceof MaxKey) return 'y';
  if (value instanceof RegExp) return `b${encodeText(value.source)}${encodeText(value.flags)}`;
  if (value instanceof BSONRegExp) return `b${encodeText(value.pattern)}${encodeText(value.options)}`;
  return `c${encodeText(String(value))}`;
}

function collect(value: unknown, parts: string[], out: unknown[]): void {
  const [part, ...rest] = parts;
  if (Array.isArray(value)) {
    if (part === undefined) {
      out.push(value, ...value);
      return;
    }
    if (/^\d+$/.test(part)) collect(value[Number(part)], rest, out);
    for (const element of value) if (isPlainObject(element)) collect(element, parts, out);
    return;
  }
  if (part === undefined) out.push(value);
  else collect(isPlainObject(value) ? value[part] : undefined, rest, out);
}

/** Every value a dotted path reaches, looking into arrays; an array at its end counts itself and its elements. */
export function readValues(document: BsonDocument, path: string): unknown[] {
  if (!path.includes('.')) {
    const value = document[path];
    return Array.isArray(value) ? [value, ...value] : [value];
  }
  const out: unknown[] = [];
  collect(document, path.split('.'), out);
  return out.length > 0 ? out : [undefined];
}

/** The key a document sorts by: for arrays the smallest element ascending, the largest descending. */
export function encodeSortKey(document: BsonDocument, path: string, descending: boolean): string {
  const [first, ...more] = readValues(document, path);
  if (more.length === 0) return encodeValue(first);
  const keys = (Array.isArray(first) ? more : [first, ...more]).map(encodeValue);
  return keys.reduce((best, key) => (key < best !== descending ? key : best));
}

/** A value at a dotted path, with array positions as numbers and no search through arrays. */
export function readPath(document: BsonDocument, path: string): unknown {
  let value: unknown = document;
  for (const part of path.split('.')) {
    if (Array.isArray(value)) value = value[Number(part)];
    else if (isPlainObject(value)) value = value[part];
    else return undefined;
  }
  return value;
}
