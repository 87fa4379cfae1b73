import { Query } from 'mingo';
import { type BsonDocument, cloneValue } from './bson-document.ts';
import type { Collection } from './collection.ts';
import { countByIndex, planQuery, type SortSpec } from './query-plan.ts';
import { encodeSortKey } from './sort-key.ts';
import { StoreError } from './store-error.ts';

export interface FindOptions {
  filter?: BsonDocument;
  sort?: SortSpec;
  skip?: number;
  /** 0 or absent: all. */
  limit?: number;
  variables?: BsonDocument;
  /** Name or key of the only index to be used. */
  hint?: unknown;
}

export interface FindResult {
  documents: BsonDocument[];
  examined: number;
  indexes: string[];
}

type Ranked = { keys: string[]; document: BsonDocument };

function compareBy(directions: number[]): (a: Ranked, b: Ranked) => number {
  return (a, b) => {
    for (let at = 0; at < directions.length; at++) {
      const left = a.keys[at] as string;
      const right = b.keys[at] as string;
      if (left !== right) return (left < right ? -1 : 1) * (directions[at] as number);
    }
    return 0;
  };
}

/** Keeps the first `count` of a stream in order; equal documents stay in the order they came. */
class TopSelection {
  #kept: Ranked[] = [];
  /** What comes after it is out; known once enough were kept and sorted. */
  #worst: Ranked | undefined;

  constructor(
    readonly count: number,
    readonly compare: (a: Ranked, b: Ranked) => number,
  ) {}

  add(candidate: Ranked): void {
    if (this.#worst && this.compare(candidate, this.#worst) >= 0) return;
    this.#kept.push(candidate);
    if (this.#kept.length >= 2 * this.count) this.#cut();
  }

  take(): BsonDocument[] {
    this.#cut();
    return this.#kept.map(({ document }) => document);
  }

  #cut(): void {
    this.#kept = this.#kept.sort(this.compare).slice(0, this.count);
    this.#worst = this.#kept[this.count - 1];
  }
}

function assertSort(sort: SortSpec): void {
  for (const [field, way] of Object.entries(sort)) {
    if (way !== 1 && way !== -1) throw new StoreError('BadValue', `sort: "${field}" must be 1 or -1`);
  }
}

function compileFilter(filter: BsonDocument, variables?: BsonDocument): (document: BsonDocument) => boolean {
  if (Object.keys(filter).length === 0) return () => true;
  const query = new Query(filter, { scriptEnabled: false, variables });
  return (document) => query.test(document);
}

export function findDocuments(collection: Collection | undefined, options: FindOptions): FindResult {
  const { filter = {}, sort = {}, skip = 0, limit = 0 } = options;
  assertSort(sort);
  if (!collection) {
    compileFilter(filter, options.variables);
    return { documents: [], examined: 0, indexes: [] };
  }
  const plan = planQuery(collection, filter, { sort, hint: options.hint });
  const matches = plan.isExact ? () => true : compileFilter(filter, options.variables);
  const end = limit > 0 ? skip + limit : Number.POSITIVE_INFINITY;
  const sortFields = Object.entries(sort);
  const selection = new TopSelection(end, compareBy(sortFields.map(([, way]) => way)));
  const inOrder = plan.isSorted || sortFields.length === 0;
  const documents: BsonDocument[] = [];
  let examined = 0;
  for (const document of plan.candidates) {
    examined++;
    if (!matches(document)) continue;
    if (!inOrder) {
      selection.add({ keys: sortFields.map(([field, way]) => encodeSortKey(document, field, way < 0)), document });
    } else if (documents.push(document) >= end) break;
  }
  return { documents: (inOrder ? documents : selection.take()).slice(skip), examined, indexes: plan.indexes };
}

/** As many as `findDocuments` would give, none of them kept. */
export function countDocuments(collection: Collection | undefined, options: FindOptions): number {
  const { filter = {}, skip = 0, limit = 0 } = options;
  const matches = compileFilter(filter, options.variables);
  if (!collection) return 0;
  const end = limit > 0 ? skip + limit : Number.POSITIVE_INFINITY;
  const known = countByIndex(collection, filter);
  if (known !== undefined) return Math.max(0, Math.min(end, known) - skip);
  let count = 0;
  for (const document of planQuery(collection, filter).candidates) {
    if (matches(document) && ++count >= end) break;
  }
  return Math.max(0, count - skip);
}

export function projectDocuments(documents: BsonDocument[], projection: unknown): BsonDocument[] {
  if (!projection || Object.keys(projection).length === 0) return documents;
  // The engine removes excluded nested fields in place: only copies may be given to it.
  return new Query({}, { scriptEnabled: false }).find<BsonDocument>(documents.map(cloneValue), projection).all();
}
