import { Long } from 'bson';
import { type BsonDocument, MAX_DOCUMENT_BYTES, sizeOf } from './bson-document.ts';
import { StoreError } from './store-error.ts';

export interface CursorLimits {
  maxCursors: number;
  cursorTimeoutMs: number;
}

interface OpenCursor {
  namespace: string;
  documents: BsonDocument[];
  next: number;
  usedAt: number;
}

const FIRST_BATCH = 101;
const ARRAY_ENTRY_BYTES = 12;

/** Results not yet fetched. Unused cursors time out; past the bound, the one unused for longest is dropped. */
export class CursorTable {
  #open = new Map<number, OpenCursor>();
  #lastId = 0;

  constructor(readonly limits: CursorLimits) {}

  get size(): number {
    return this.#open.size;
  }

  start(namespace: string, documents: BsonDocument[], batchSize = FIRST_BATCH): BsonDocument {
    const cursor = { namespace, documents, next: 0, usedAt: Date.now() };
    const firstBatch = this.#take(cursor, batchSize);
    const id = cursor.next < documents.length ? this.#keep(cursor) : 0;
    return { cursor: { id: Long.fromNumber(id), ns: namespace, firstBatch }, ok: 1 };
  }

  advance(id: number, namespace: string, batchSize = Number.POSITIVE_INFINITY): BsonDocument {
    this.expire();
    const cursor = this.#open.get(id);
    if (!cursor || cursor.namespace !== namespace) throw new StoreError('CursorNotFound', `cursor id ${id} not found`);
    this.#open.delete(id);
    cursor.usedAt = Date.now();
    const nextBatch = this.#take(cursor, batchSize > 0 ? batchSize : Number.POSITIVE_INFINITY);
    const isDone = cursor.next >= cursor.documents.length;
    if (!isDone) this.#open.set(id, cursor);
    return { cursor: { id: Long.fromNumber(isDone ? 0 : id), ns: namespace, nextBatch }, ok: 1 };
  }

  remove(id: number): boolean {
    return this.#open.delete(id);
  }

  /** Insertion order is order of use: `advance` puts a cursor back at the end. */
  expire(keep = this.limits.maxCursors): void {
    const deadline = Date.now() - this.limits.cursorTimeoutMs;
    for (const [id, { usedAt }] of this.#open) {
      if (usedAt > deadline && this.#open.size <= keep) return;
      this.#open.delete(id);
    }
  }

  #keep(cursor: OpenCursor): number {
    this.expire(this.limits.maxCursors - 1);
    this.#open.set(++this.#lastId, cursor);
    return this.#lastId;
  }

  #take(cursor: OpenCursor, batchSize: number): BsonDocument[] {
    const batch: BsonDocument[] = [];
    let bytes = 0;
    while (cursor.next < cursor.documents.length && batch.length < batchSize) {
      const document = cursor.documents[cursor.next] as BsonDocument;
      bytes += sizeOf(document) + ARRAY_ENTRY_BYTES;
      if (batch.length > 0 && bytes > MAX_DOCUMENT_BYTES) break;
      batch.push(document);
      cursor.next++;
    }
    return batch;
  }
}
