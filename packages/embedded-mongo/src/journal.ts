import { closeSync, fdatasync, fstatSync, ftruncateSync, openSync, write } from 'node:fs';
import { promisify } from 'node:util';
import { type BsonDocument, encodeDocument } from './bson-document.ts';
import { encodeFrame, encodePut, hasFrameAfter, readFrames } from './journal-frames.ts';
import { StoreError } from './store-error.ts';

const writeTo = promisify(write);
const syncData = promisify(fdatasync);

interface Waiter {
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Reads a journal into `apply`, cuts a torn tail and refuses damage before it; returns the bytes cut. */
export function replayJournal(path: string, apply: (record: BsonDocument) => void): number {
  const file = openSync(path, 'r+');
  try {
    const size = fstatSync(file).size;
    const end = readFrames(file, size, apply);
    if (end === size) return 0;
    if (hasFrameAfter(file, end, size)) {
      const message = `The journal ${path} is damaged at byte ${end}, before its end: restore it from a backup, or move the folder away to start empty.`;
      throw new StoreError('OperationFailed', message);
    }
    ftruncateSync(file, end);
    return size - end;
  } finally {
    closeSync(file);
  }
}

/** The append-only log. All that is appended before a flush begins shares one write and one fdatasync. */
export class Journal {
  /** Set by the first failed write: memory is then ahead of the disk, so nothing more may be answered. */
  failure: StoreError | undefined;
  bytes = 0;
  appended = 0;
  #records: Uint8Array[] = [];
  /** Records from `at` on go to the file at `path`. */
  #turn: { path: string; at: number } | undefined;
  #waiters: Waiter[] = [];
  #draining: Promise<void> | undefined;

  #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
    this.bytes = fstatSync(this.#file).size;
  }

  append(record: BsonDocument): void {
    this.#records.push(encodeDocument(record));
    this.appended++;
  }

  /** A stored document whose bytes are known: the same record as `{ n, p }`. */
  appendPut(namespace: string, document: Uint8Array): void {
    this.#records.push(encodePut(namespace, document));
    this.appended++;
  }

  /** Resolves when everything appended so far is on disk. */
  commit(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#draining ??= new Promise<void>((done) => setImmediate(done)).then(() => this.#drain());
    });
  }

  /** What is appended from now on goes to another file, which is begun once all before it is on disk. */
  turnTo(path: string): Promise<void> {
    this.#turn = { path, at: this.#records.length };
    return this.commit();
  }

  async close(): Promise<void> {
    if (!this.failure) await this.commit();
    closeSync(this.#file);
  }

  async #drain(): Promise<void> {
    while (this.#waiters.length > 0) {
      const waiters = this.#waiters;
      const records = this.#records;
      const turn = this.#turn;
      this.#waiters = [];
      this.#records = [];
      this.#turn = undefined;
      try {
        if (this.failure) throw this.failure;
        await this.#write(records.slice(0, turn?.at));
        if (turn) this.#open(turn.path);
        if (turn) await this.#write(records.slice(turn.at));
        for (const waiter of waiters) waiter.resolve();
      } catch (error) {
        this.failure ??= new StoreError('OperationFailed', `The journal cannot be written: ${String(error)}`);
        for (const waiter of waiters) waiter.reject(this.failure);
      }
    }
    this.#draining = undefined;
  }

  #open(path: string): void {
    closeSync(this.#file);
    this.#file = openSync(path, 'a');
    this.bytes = fstatSync(this.#file).size;
  }

  async #write(records: Uint8Array[]): Promise<void> {
    if (records.length === 0) return;
    const frame = encodeFrame(records);
    for (let done = 0; done < frame.length; ) done += (await writeTo(this.#file, frame, done)).bytesWritten;
    await syncData(this.#file);
    this.bytes += frame.length;
  }
}
