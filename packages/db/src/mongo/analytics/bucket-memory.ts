import type { Collection, Document } from 'mongodb';
import type { BucketVersionDocument } from './analytics-documents.ts';

/** Two periods of 90 days and the hours at their ends. */
const bucketsMax = 256;
const bucketsAtOnce = 100;

export interface BucketRange {
  size: 'hour' | 'day';
  from: { $gte: Date; $lt: Date };
}

interface Remembered<Value> {
  version: string;
  value: Value;
}

export interface BucketSource<Stored extends { _id: string }, Value> {
  versions: Collection<BucketVersionDocument>;
  /** The documents of these ids, as far as they are needed. */
  read(ids: string[]): Promise<Stored[]>;
  /** `known`: what was made of the same version before. */
  decode(stored: Stored, known: Value | undefined): Value;
  /** Whether what is remembered holds all that is asked for now. */
  suffices(value: Value): boolean;
}

/**
 * Buckets as they were decoded, by version: a closed day is read and decoded once by a process, and again only when it is
 * counted anew. A version is written behind its bucket, so a bucket is at least as new as the version it is kept under.
 */
export class BucketMemory<Value> {
  readonly #known = new Map<string, Remembered<Value>>();

  async list<Stored extends { _id: string } & Document>(
    range: BucketRange,
    source: BucketSource<Stored, Value>,
  ): Promise<Value[]> {
    const versions = await source.versions.find({ ...range }).toArray();
    const found = new Map<string, Value>();
    const missing: BucketVersionDocument[] = [];
    for (const row of versions) {
      const known = this.#recall(row);
      if (known !== undefined && source.suffices(known)) found.set(row._id, known);
      else missing.push(row);
    }
    const pages: BucketVersionDocument[][] = [];
    for (let at = 0; at < missing.length; at += bucketsAtOnce) pages.push(missing.slice(at, at + bucketsAtOnce));
    const read = await Promise.all(pages.map((page) => source.read(page.map(({ _id }) => _id))));
    const stored = new Map(read.flat().map((document) => [document._id, document]));
    for (const row of missing) {
      const document = stored.get(row._id);
      if (document === undefined) continue;
      const value = source.decode(document, this.#recall(row));
      this.#remember(row, value);
      found.set(row._id, value);
    }
    return versions.flatMap(({ _id }) => found.get(_id) ?? []);
  }

  #recall({ _id, version }: BucketVersionDocument): Value | undefined {
    const known = this.#known.get(_id);
    if (known?.version !== version) return undefined;
    this.#known.delete(_id);
    this.#known.set(_id, known);
    return known.value;
  }

  #remember({ _id, version }: BucketVersionDocument, value: Value): void {
    this.#known.delete(_id);
    this.#known.set(_id, { version, value });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= bucketsMax) break;
      this.#known.delete(oldest);
    }
  }
}
