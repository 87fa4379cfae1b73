import type { BsonDocument } from './bson-document.ts';
import { CollectionIndex, type IndexSpec } from './collection-index.ts';
import { encodeValue } from './sort-key.ts';
import { StoreError } from './store-error.ts';

const ID_INDEX: IndexSpec = { v: 2, key: { _id: 1 }, name: '_id_' };

/** Documents in insertion order with their indexes, in memory. A stored document is replaced, never changed. */
export class Collection {
  readonly documents = new Map<string, BsonDocument>();
  indexes: CollectionIndex[] = [new CollectionIndex(ID_INDEX)];

  constructor(readonly namespace: string) {}

  get(id: unknown): BsonDocument | undefined {
    return this.documents.get(encodeValue(id));
  }

  assertNew(document: BsonDocument): void {
    if (!this.documents.has(encodeValue(document._id))) return;
    const keyValue = { _id: document._id };
    const message = `E11000 duplicate key error collection: ${this.namespace} index: _id_ dup key: { _id: ${JSON.stringify(document._id)} }`;
    throw new StoreError('DuplicateKey', message, { keyPattern: { _id: 1 }, keyValue });
  }

  put(document: BsonDocument): void {
    const id = encodeValue(document._id);
    for (const index of this.indexes) index.assertUnique(document, id, this.namespace);
    const old = this.documents.get(id);
    for (const index of this.indexes) {
      if (old) index.remove(old, id);
      index.add(document, id);
    }
    this.documents.set(id, document);
  }

  remove(documentId: unknown): void {
    const id = encodeValue(documentId);
    const old = this.documents.get(id);
    if (!old) return;
    for (const index of this.indexes) index.remove(old, id);
    this.documents.delete(id);
  }

  /** Again when a snapshot that was written meanwhile has it already. */
  declareIndex(spec: IndexSpec): void {
    this.indexes = this.indexes.filter((index) => index.spec.name !== spec.name);
    this.indexes.push(new CollectionIndex(spec));
  }

  addIndex(spec: IndexSpec): void {
    const index = new CollectionIndex(spec);
    index.load(this.documents, this.namespace);
    this.indexes.push(index);
  }

  /** Reading a journal fills `documents` alone; the indexes are built once, at its end. */
  rebuildIndexes(): void {
    for (const index of this.indexes) index.load(this.documents, this.namespace);
  }
}
