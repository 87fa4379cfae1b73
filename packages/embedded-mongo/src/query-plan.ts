import type { BsonDocument } from './bson-document.ts';
import type { Collection } from './collection.ts';
import type { CollectionIndex } from './collection-index.ts';
import { closedRange, type FieldBounds, fieldBoundsOf } from './query-bounds.ts';
import { encodeValue } from './sort-key.ts';

export type SortSpec = Record<string, 1 | -1>;

export interface QueryPlan {
  /** A superset of the matching documents. */
  candidates: Iterable<BsonDocument>;
  /** Names of the indexes used; empty means a scan. */
  indexes: string[];
  /** The candidates come in the order asked for. */
  isSorted: boolean;
}

interface IndexUse {
  index: CollectionIndex;
  ranges: [string, string][];
  score: number;
  isSorted: boolean;
  backwards: boolean;
}

const MAX_RANGES = 4096;

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
    const ranges = prefixes.map((prefix): [string, string] => [prefix + range[0], prefix + range[1]]);
    return { ranges, fixed: matched, matched: matched + 1 };
  }
  const ranges = prefixes.map((prefix): [string, string] => [prefix, `${prefix}\uffff`]);
  return { ranges, fixed: matched, matched };
}

/** With the first fields fixed to one value each, the index runs in the order of the ones that follow. */
function sortCover(index: CollectionIndex, sort: SortSpec, bounds: Map<string, FieldBounds>) {
  if (index.multikey) return undefined;
  const isFixed = (field: string) => bounds.get(field)?.points?.length === 1;
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
  const cover = wantsSort && ranges.length === 1 ? sortCover(index, query.sort, query.bounds) : undefined;
  if (matched === 0 && !cover) return undefined;
  const isPoint = fixed === index.fields.length && (index.spec.unique || index.spec.name === '_id_');
  const score = matched * 2 + (cover ? 1 : 0) + (isPoint ? 100 : 0);
  return { index, ranges, score, isSorted: Boolean(cover), backwards: cover?.backwards ?? false };
}

function* readIndex(collection: Collection, use: IndexUse): Generator<BsonDocument> {
  const seen = use.index.multikey ? new Set<string>() : undefined;
  for (const [from, to] of use.ranges) {
    for (const { id } of use.index.entries.range(from, to, use.backwards)) {
      if (seen?.has(id)) continue;
      seen?.add(id);
      const document = collection.documents.get(id);
      if (document) yield document;
    }
  }
}

/** An `$or` whose every branch has an index reads the union of the branches. */
function planBranches(collection: Collection, filter: BsonDocument): QueryPlan | undefined {
  if (!Array.isArray(filter.$or) || filter.$or.length === 0) return undefined;
  const plans = filter.$or.map((branch: BsonDocument) => planQuery(collection, branch));
  if (plans.some((plan) => plan.indexes.length === 0)) return undefined;
  const union = new Set<BsonDocument>();
  for (const plan of plans) for (const document of plan.candidates) union.add(document);
  return { candidates: union, indexes: [...new Set(plans.flatMap((plan) => plan.indexes))], isSorted: false };
}

export function planQuery(collection: Collection, filter: BsonDocument, sort: SortSpec = {}): QueryPlan {
  const query = { filter, sort, bounds: fieldBoundsOf(filter) };
  let best: IndexUse | undefined;
  for (const index of collection.indexes) {
    const use = weigh(index, query);
    if (use && use.score > (best?.score ?? 0)) best = use;
  }
  if (!best || best.score < 2) {
    const branches = planBranches(collection, filter);
    if (branches) return branches;
  }
  if (!best) return { candidates: collection.documents.values(), indexes: [], isSorted: false };
  return { candidates: readIndex(collection, best), indexes: [best.index.spec.name], isSorted: best.isSorted };
}
