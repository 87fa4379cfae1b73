import { Query } from 'mingo';
import type { BsonDocument } from './bson-document.ts';
import { type KeyEntry, OrderedKeys } from './ordered-keys.ts';
import { encodeValue, readPath, readValues } from './sort-key.ts';
import { StoreError } from './store-error.ts';

export interface IndexSpec extends BsonDocument {
  v: number;
  name: string;
  key: Record<string, 1 | -1>;
  unique?: boolean;
  sparse?: boolean;
  expireAfterSeconds?: number;
  partialFilterExpression?: BsonDocument;
}

/** One index, ordered over all of its fields; every array element has an entry of its own. */
export class CollectionIndex {
  readonly fields: string[];
  readonly entries = new OrderedKeys();
  /** Once true, an entry no longer stands for a whole document: no order and no two-sided range by this index. */
  multikey = false;
  readonly #partial: Query | undefined;
  readonly #hasPath: boolean;

  constructor(readonly spec: IndexSpec) {
    this.fields = Object.keys(spec.key);
    this.#hasPath = this.fields.some((field) => field.includes('.'));
    if (spec.partialFilterExpression) this.#partial = new Query(spec.partialFilterExpression);
  }

  get isComplete(): boolean {
    return !this.spec.sparse && !this.#partial;
  }

  load(documents: Map<string, BsonDocument>, namespace: string): void {
    const all: KeyEntry[] = [];
    const seen = new Set<string>();
    for (const [id, document] of documents) {
      for (const key of this.#keysOf(document)) {
        if (this.spec.unique && seen.has(key)) throw this.#duplicate(document, namespace);
        if (this.spec.unique) seen.add(key);
        all.push({ key, id });
      }
    }
    this.entries.load(all);
  }

  assertUnique(document: BsonDocument, id: string, namespace: string): void {
    if (!this.spec.unique) return;
    for (const key of this.#keysOf(document)) {
      const owner = this.entries.findId(key);
      if (owner !== undefined && owner !== id) throw this.#duplicate(document, namespace);
    }
  }

  add(document: BsonDocument, id: string): void {
    for (const key of this.#keysOf(document)) this.entries.add({ key, id });
  }

  remove(document: BsonDocument, id: string): void {
    for (const key of this.#keysOf(document)) this.entries.remove({ key, id });
  }

  #keysOf(document: BsonDocument): Iterable<string> {
    if (this.#partial && !this.#partial.test(document)) return [];
    const single = this.#singleKeyOf(document);
    if (single !== undefined) return [single];
    let keys = [''];
    let present = false;
    for (const field of this.fields) {
      const values = readValues(document, field);
      if (values.length > 1) this.multikey = true;
      present ||= values.some((value) => value !== undefined);
      const encoded = values.map(encodeValue);
      keys = keys.flatMap((prefix) => encoded.map((key) => prefix + key));
    }
    return this.spec.sparse && !present ? new Set() : new Set(keys);
  }

  /** The one key of a document without arrays and paths, which nearly all are. */
  #singleKeyOf(document: BsonDocument): string | undefined {
    if (this.#hasPath || this.spec.sparse) return undefined;
    let key = '';
    for (const field of this.fields) {
      const value = document[field];
      if (Array.isArray(value)) return undefined;
      key += encodeValue(value);
    }
    return key;
  }

  #duplicate(document: BsonDocument, namespace: string): StoreError {
    const keyValue = Object.fromEntries(this.fields.map((field) => [field, readPath(document, field) ?? null]));
    const shown = this.fields.map((field) => `${field}: ${JSON.stringify(keyValue[field])}`).join(', ');
    const message = `E11000 duplicate key error collection: ${namespace} index: ${this.spec.name} dup key: { ${shown} }`;
    return new StoreError('DuplicateKey', message, { keyPattern: this.spec.key, keyValue });
  }
}
