import { ObjectId } from 'bson';
import { type BsonDocument, isOperatorObject } from './bson-document.ts';
import { encodeValue } from './sort-key.ts';

/** What a filter demands of one field, as index keys; a superset of the truth, the filter itself is tested after. */
export interface FieldBounds {
  points?: string[];
  hasNullPoint?: boolean;
  lower?: string;
  upper?: string;
}

function isOrderable(value: unknown): boolean {
  const kind = typeof value;
  return kind === 'number' || kind === 'string' || value instanceof Date || value instanceof ObjectId;
}

function pointsOf(values: unknown[]): FieldBounds {
  if (values.some((value) => value instanceof RegExp || isOperatorObject(value))) return {};
  const points = [...new Set(values.map(encodeValue))];
  return { points, hasNullPoint: points.includes('1') };
}

function boundsOf(condition: unknown): FieldBounds {
  if (!isOperatorObject(condition)) return pointsOf([condition]);
  if ('$eq' in condition) return pointsOf([condition.$eq]);
  if (Array.isArray(condition.$in)) return pointsOf(condition.$in);
  const low = condition.$gt ?? condition.$gte;
  const high = condition.$lt ?? condition.$lte;
  const bounds: FieldBounds = {};
  if (isOrderable(low)) bounds.lower = encodeValue(low);
  if (isOrderable(high)) bounds.upper = encodeValue(high);
  return bounds;
}

function narrow(known: FieldBounds | undefined, found: FieldBounds): FieldBounds {
  if (!known || (found.points && !known.points)) return found;
  if (known.points) return known;
  return { lower: known.lower ?? found.lower, upper: known.upper ?? found.upper };
}

/** Bounds by field of the conditions that must all hold (top level and `$and`). */
export function fieldBoundsOf(
  filter: BsonDocument,
  bounds: Map<string, FieldBounds> = new Map(),
): Map<string, FieldBounds> {
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and' && Array.isArray(condition)) for (const part of condition) fieldBoundsOf(part, bounds);
    if (!key.startsWith('$')) bounds.set(key, narrow(bounds.get(key), boundsOf(condition)));
  }
  return bounds;
}

/** Both ends of a range of one type: an open end stops where the next type begins. */
export function closedRange(bounds: FieldBounds): [string, string] | undefined {
  const tag = (bounds.lower ?? bounds.upper)?.charAt(0);
  if (tag === undefined) return undefined;
  const next = String.fromCharCode(tag.charCodeAt(0) + 1);
  return [bounds.lower ?? tag, bounds.upper?.startsWith(tag) ? `${bounds.upper}\uffff` : next];
}

const closed = new Set(['$gte', '$lte']);

function isExactCondition(condition: unknown): boolean {
  if (typeof condition === 'string' || typeof condition === 'number' || condition instanceof Date) return true;
  if (!isOperatorObject(condition)) return false;
  const operators = Object.entries(condition);
  // Nothing lies between values of two types, whatever the order of their keys.
  const types = new Set(operators.map(([, value]) => encodeValue(value).charAt(0)));
  if (operators.every(([name, value]) => closed.has(name) && isOrderable(value))) return types.size === 1;
  const [[name, values] = ['', undefined]] = operators;
  const isList = operators.length === 1 && name === '$in' && Array.isArray(values);
  return isList && values.every((value) => typeof value === 'string' || typeof value === 'number');
}

/** Whether the bounds of a filter are the filter itself: a document is within them if and only if it matches. */
export function isExactlyBounded(filter: BsonDocument): boolean {
  return Object.entries(filter).every(([key, condition]) => !key.startsWith('$') && isExactCondition(condition));
}
