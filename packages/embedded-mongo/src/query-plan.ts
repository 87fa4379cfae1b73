import type { BsonDocument } from './bson-document.ts';
import type { Collection } from './collection.ts';
import type { CollectionIndex } from './collection-index.ts';
import type { KeyEntry } from './ordered-keys.ts';
import { closedRange, type FieldBounds, fieldBoundsOf, isExactlyBounded } from './query-bounds.ts';
import { encodeValue } from './sort-key.ts';
import { StoreError } from './store-error.ts';

export type SortSpec = Record<string, 1 | -1>;

export interface PlanOptions {
  sort?: SortSpec;
  /** Name or key of the only index to be used. */
  hint?: unknown;
}

export interface QueryPlan {
  /** A superset of the matching documents. */
  candidates: Iterable<BsonDocument>;
  /** Names of the indexes used; empty means a scan. */
  indexes: string[];
  /** The candidates come in the order asked for. */
  isSorted: boolean;
  /** Every candidate matches: the filter need not be tested. */
  isExact: boolean;
}

interface KeyRange {
  from: string;
  to: string;
  /** Length of what the fields before the range's own order take up in each key. */
  prefix: number;
}

interface IndexUse {
  index: CollectionIndex;
  ranges: KeyRange[];
  score: number;
  isSorted: boolean;
  isExact: boolean;
  backwards: boolean;
}

const MAX_RANGES = 4096;
/** Ranges that may be read side by side to keep the order asked for. */
const MERGED_RANGES = 256;

/** A partial index serves only filters that imply its expression, a sparse one only a value that is not null. */
function isUsable(index: CollectionIndex, filter: BsonDocument, bounds: Map<string, FieldBounds>): boolean {
  const demandsValue = (field: string) => {
    const found = bounds.get(field);
    return found !== undefined && (found.points ? !found.hasNullPoint : Boolean(found.lower ?? found.upper));
  };
  if (index.spec.sparse && !index.fields.some(demandsValue)) return false;
  return Object.entries(index.spec.partialFilterExpression ?? {}).every(([field, condition]) => {
    if (field in filter && encodeValue(filter[field]) === encodeValue(condition)) return true;
    return encodeValue(condition) === encodeValue({ $exists: true }) && demandsValue(field);
  });
}

function rangesOf(index: CollectionIndex, bounds: Map<string, FieldBounds>) {
  let prefixes = [''];
  let matched = 0;
  for (const field of index.fields) {
    const found = bounds.get(field);
    const points = found?.points;
    if (points && (prefixes.length === 1 || prefixes.length * points.length <= MAX_RANGES)) {
      prefixes = prefixes.flatMap((prefix) => points.map((point) => prefix + point));
      matched++;
      continue;
    }
    const range = found && !points && closedRange(index.multikey && found.lower ? { lower: found.lower } : found);
    if (!range) break;
    const ranges = prefixes.map((prefix) => ({
      ...{ from: prefix + range[0], to: prefix + range[1], prefix: prefix.length },
    }));
    return { ranges, fixed: matched, matched: matched + 1 };
  }
  const ranges = prefixes.map((prefix) => ({ from: prefix, to: `${prefix}\uffff`, prefix: prefix.length }));
  return { ranges, fixed: matched, matched };
}

/** With the first fields fixed to some values, the index runs in the order of the ones that follow. */
function sortCover(index: CollectionIndex, sort: SortSpec, fixedTo: Map<string, string[]>) {
  if (index.multikey) return undefined;
  // Of several values each has a range of its own, in order; the ranges are merged when they are read.
  const isFixed = (field: string) => fixedTo.get(field)?.length === 1 || (fixedTo.has(field) && !(field in sort));
  const wanted = Object.entries(sort).filter(([field]) => !(isFixed(field) && index.fields.includes(field)));
  const free = index.fields.filter((field) => !isFixed(field));
  const leading = index.fields.findIndex((field) => !isFixed(field));
  if (leading >= 0 && index.fields.slice(leading).some(isFixed)) return undefined;
  const direction = wanted[0]?.[1] ?? 1;
  if (!wanted.every(([field, way], at) => field === free[at] && way === direction)) return undefined;
  return { backwards: direction === -1 };
}

function weigh(
  index: CollectionIndex,
  query: { filter: BsonDocument; sort: SortSpec; bounds: Map<string, FieldBounds> },
): IndexUse | undefined {
  if (!isUsable(index, query.filter, query.bounds)) return undefined;
  const { ranges, fixed, matched } = rangesOf(index, query.bounds);
  const wantsSort = Object.keys(query.sort).length > 0;
  const fixedTo = new Map(index.fields.slice(0, fixed).map((field) => [field, query.bounds.get(field)?.points ?? []]));
  const cover = wantsSort && ranges.length <= MERGED_RANGES ? sortCover(index, query.sort, fixedTo) : undefined;
  if (matched === 0 && !cover) return undefined;
  const isPoint = fixed === index.fields.length && (index.spec.unique || index.spec.name === '_id_');
  const score = matched * 2 + (cover ? 1 : 0) + (isPoint ? 100 : 0);
  const isExact = !index.multikey && matched === query.bounds.size && isExactlyBounded(query.filter);
  return { index, ranges, score, isExact, isSorted: Boolean(cover), backwards: cover?.backwards ?? false };
}

function* readIndex(collection: Collection, use: IndexUse): Generator<BsonDocument> {
  const seen = use.index.multikey ? new Set<string>() : undefined;
  const entries = use.isSorted && use.ranges.length > 1 ? readMerged(use) : readInTurn(use);
  for (const { id } of entries) {
    if (seen?.has(id)) continue;
    seen?.add(id);
    const document = collection.documents.get(id);
    if (document) yield document;
  }
}

function* readInTurn({ index, ranges, backwards }: IndexUse): Generator<KeyEntry> {
  for (const { from, to } of ranges) yield* index.entries.range(from, to, backwards);
}

/** Always the entry whose key comes first once what its range has fixed is left out. */
function* readMerged({ index, ranges, backwards }: IndexUse): Generator<KeyEntry> {
  const heads: { entries: Generator<KeyEntry>; entry: KeyEntry; rest: string; prefix: number }[] = [];
  for (const { from, to, prefix } of ranges) {
    const entries = index.entries.range(from, to, backwards);
    const first = entries.next();
    if (!first.done) heads.push({ entries, entry: first.value, rest: first.value.key.slice(prefix), prefix });
  }
  while (heads.length > 0) {
    let best = 0;
    for (let at = 1; at < heads.length; at++) {
      const [challenger, leader] = [heads[at]?.rest as string, heads[best]?.rest as string];
      if (backwards ? challenger > leader : challenger < leader) best = at;
    }
    const head = heads[best] as (typeof heads)[number];
    yield head.entry;
    const next = head.entries.next();
    if (next.done) heads.splice(best, 1);
    else Object.assign(head, { entry: next.value, rest: next.value.key.slice(head.prefix) });
  }
}

/** An `$or` whose every branch has an index reads the union of the branches. */
function planBranches(collection: Collection, filter: BsonDocument): QueryPlan | undefined {
  if (!Array.isArray(filter.$or) || filter.$or.length === 0) return undefined;
  const plans = filter.$or.map((branch: BsonDocument) => planQuery(collection, branch));
  if (plans.some((plan) => plan.indexes.length === 0)) return undefined;
  const union = new Set<BsonDocument>();
  for (const plan of plans) for (const document of plan.candidates) union.add(document);
  return {
    candidates: union,
    indexes: [...new Set(plans.flatMap((plan) => plan.indexes))],
    isSorted: false,
    isExact: false,
  };
}

/**
 * The number of matches where an index alone tells it: the filter names nothing but first fields of the index, each by
 * values or by a closed range. Undefined where documents have to be looked at.
 */
export function countByIndex(collection: Collection, filter: BsonDocument): number | undefined {
  if (!isExactlyBounded(filter)) return undefined;
  const bounds = fieldBoundsOf(filter);
  for (const index of collection.indexes) {
    if (index.multikey || !index.isComplete || bounds.size === 0) continue;
    const { ranges, matched } = rangesOf(index, bounds);
    if (matched < bounds.size) continue;
    return ranges.reduce((sum, { from, to }) => sum + index.entries.count(from, to), 0);
  }
  return undefined;
}

/** The index that a hint names, by its name or its key. @throws StoreError when there is none. */
function findHinted(collection: Collection, hint: unknown): CollectionIndex[] {
  const found = collection.indexes.find(
    ({ spec }) => spec.name === hint || (typeof hint === 'object' && encodeValue(spec.key) === encodeValue(hint)),
  );
  if (!found) throw new StoreError('BadValue', 'hint provided does not correspond to an existing index');
  return [found];
}

export function planQuery(collection: Collection, filter: BsonDocument, options: PlanOptions = {}): QueryPlan {
  const { sort = {}, hint } = options;
  const query = { filter, sort, bounds: fieldBoundsOf(filter) };
  let best: IndexUse | undefined;
  for (const index of hint === undefined ? collection.indexes : findHinted(collection, hint)) {
    const use = weigh(index, query);
    if (use && use.score > (best?.score ?? 0)) best = use;
  }
  if (!best || (best.score < 2 && hint === undefined)) {
    const branches = planBranches(collection, filter);
    if (branches) return branches;
  }
  if (!best) return { candidates: collection.documents.values(), indexes: [], isSorted: false, isExact: false };
  const { index, isSorted, isExact } = best;
  return { candidates: readIndex(collection, best), indexes: [index.spec.name], isSorted, isExact };
}
