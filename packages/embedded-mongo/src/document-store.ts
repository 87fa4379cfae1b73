import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ObjectId } from 'bson';
import { type BsonDocument, MAX_DOCUMENT_BYTES, sizeOf, takeBytes } from './bson-document.ts';
import { Collection } from './collection.ts';
import type { IndexSpec } from './collection-index.ts';
import { lockFolder } from './folder-lock.ts';
import { Journal, replayJournal } from './journal.ts';
import {
  createJournal,
  journalPath,
  prepareJournals,
  readSnapshot,
  writeSnapshot,
  writeSnapshotInPieces,
} from './snapshot.ts';
import { encodeValue } from './sort-key.ts';
import { StoreError } from './store-error.ts';

export type StoreLog = (line: { level: 'info' | 'warn' | 'error'; message: string; [field: string]: unknown }) => void;

/** All collections in memory, and the one way to change them: every change is appended to the journal. */
export class DocumentStore {
  readonly collections = new Map<string, Collection>();
  #generation = 0;
  #journal: Journal | undefined;
  #compacting: Promise<void> | undefined;
  #isClosing = false;
  #releaseLock: () => void = () => undefined;

  private constructor(
    readonly folder: string,
    readonly log: StoreLog,
  ) {}

  static open(folder: string, log: StoreLog): DocumentStore {
    mkdirSync(folder, { recursive: true });
    const store = new DocumentStore(folder, log);
    store.#releaseLock = lockFolder(folder);
    try {
      store.#load();
    } catch (error) {
      store.#releaseLock();
      throw error;
    }
    return store;
  }

  get journal(): Journal {
    if (!this.#journal) throw new StoreError('OperationFailed', 'The document store is closed.');
    return this.#journal;
  }

  insert(namespace: string, given: BsonDocument): BsonDocument {
    const document = given._id === undefined ? { _id: new ObjectId(), ...given } : given;
    const collection = this.collections.get(namespace) ?? new Collection(namespace);
    collection.assertNew(document);
    this.#put(collection, document);
    return document;
  }

  replace(namespace: string, document: BsonDocument): void {
    this.#put(this.collections.get(namespace) ?? new Collection(namespace), document);
  }

  remove(namespace: string, id: unknown): void {
    this.collections.get(namespace)?.remove(id);
    this.journal.append({ n: namespace, d: id });
  }

  create(namespace: string): Collection {
    const known = this.collections.get(namespace);
    if (known) return known;
    const created = new Collection(namespace);
    this.collections.set(namespace, created);
    this.journal.append({ n: namespace, c: 1 });
    return created;
  }

  drop(namespace: string): void {
    if (this.collections.delete(namespace)) this.journal.append({ n: namespace, z: 1 });
  }

  createIndex(namespace: string, spec: IndexSpec): void {
    this.create(namespace).addIndex(spec);
    this.journal.append({ n: namespace, x: spec });
  }

  dropIndex(collection: Collection, name: string): void {
    collection.indexes = collection.indexes.filter((index) => index.spec.name !== name);
    this.journal.append({ n: collection.namespace, y: name });
  }

  /**
   * Writes a snapshot once the journal is large, for itself and beside what is stored, while commands go on.
   * @returns when that is done; at once when there is nothing to do or it is being done.
   */
  async compactIfLarge(bytes: number): Promise<void> {
    const { journal } = this;
    if (this.#compacting || journal.failure) return;
    if (journal.bytes < Math.max(bytes, this.#snapshotBytes() / 2)) return;
    this.#compacting = this.#compactBesideCommands().finally(() => {
      this.#compacting = undefined;
    });
    await this.#compacting;
  }

  async close(): Promise<void> {
    const journal = this.journal;
    this.#isClosing = true;
    await this.#compacting?.catch(() => undefined);
    await journal.close();
    this.#journal = undefined;
    if (journal.bytes > 0 && !journal.failure) this.#compact();
    this.#releaseLock();
  }

  async #compactBesideCommands(): Promise<void> {
    const generation = this.#generation + 1;
    const path = createJournal(this.folder, generation);
    this.#generation = generation;
    await this.journal.turnTo(path);
    const isStopped = () => this.#isClosing || this.journal.failure !== undefined;
    await writeSnapshotInPieces(this.folder, generation, { records: this.#records(), isStopped });
  }

  #snapshotBytes(): number {
    return statSync(join(this.folder, 'snapshot'), { throwIfNoEntry: false })?.size ?? 0;
  }

  #put(collection: Collection, document: BsonDocument): void {
    const received = takeBytes(document);
    const bytes = received?.length ?? sizeOf(document);
    if (bytes > MAX_DOCUMENT_BYTES) {
      throw new StoreError('BSONObjectTooLarge', `The document has ${bytes} bytes, more than ${MAX_DOCUMENT_BYTES}.`);
    }
    collection.put(document);
    this.collections.set(collection.namespace, collection);
    if (received) this.journal.appendPut(collection.namespace, received);
    else this.journal.append({ n: collection.namespace, p: document });
  }

  #load(): void {
    const apply = (record: BsonDocument) => this.#apply(record);
    const generations = prepareJournals(this.folder, readSnapshot(this.folder, apply));
    const bytes = this.#replay(generations, apply);
    for (const collection of this.collections.values()) collection.rebuildIndexes();
    if (bytes > 0 || generations.length > 1) this.#compact();
    this.#journal = new Journal(journalPath(this.folder, this.#generation));
  }

  /** Bytes of all that was read. A write may be torn in the last journal that has any, for the next was begun after it. */
  #replay(generations: readonly number[], apply: (record: BsonDocument) => void): number {
    let bytes = 0;
    let torn: string | undefined;
    for (const generation of generations) {
      const path = journalPath(this.folder, generation);
      const { size } = statSync(path);
      if (torn && size > 0) {
        const message = `The journal ${torn} is damaged at its end, before ${path}: restore it from a backup, or move the folder away to start empty.`;
        throw new StoreError('OperationFailed', message);
      }
      const cut = replayJournal(path, apply);
      if (cut > 0) this.log({ level: 'warn', message: 'Cut an unfinished write off the journal', path, bytes: cut });
      if (cut > 0) torn = path;
      bytes += size - cut;
      this.#generation = generation;
    }
    return bytes;
  }

  #compact(): void {
    writeSnapshot(this.folder, this.#generation + 1, this.#records());
    this.#generation++;
  }

  #apply(record: BsonDocument): void {
    const namespace = String(record.n);
    if ('z' in record) {
      this.collections.delete(namespace);
      return;
    }
    const collection = this.collections.get(namespace) ?? new Collection(namespace);
    this.collections.set(namespace, collection);
    if ('p' in record) {
      const document = record.p as BsonDocument;
      collection.documents.set(encodeValue(document._id), document);
    } else if ('d' in record) {
      collection.documents.delete(encodeValue(record.d));
    } else if ('x' in record) {
      collection.declareIndex(record.x as IndexSpec);
    } else if ('y' in record) {
      collection.indexes = collection.indexes.filter((index) => index.spec.name !== record.y);
    }
  }

  *#records(): Generator<BsonDocument> {
    for (const { namespace, indexes, documents } of this.collections.values()) {
      yield { n: namespace, c: 1 };
      for (const { spec } of indexes) if (spec.name !== '_id_') yield { n: namespace, x: spec };
      for (const document of documents.values()) yield { n: namespace, p: document };
    }
  }
}
