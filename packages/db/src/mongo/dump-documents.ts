import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { StudioError } from '@embedding-studio/contracts';
import { BSON, type Db, MongoClient } from 'mongodb';

export interface DocumentPlace {
  url: string;
  database: string;
}

/** Documents by collection. */
export type DocumentCounts = Record<string, number>;

const ending = '.bson.gz';
const timeoutMs = 60_000;
const batchDocuments = 500;
const batchBytesMax = 8 * 1024 * 1024;
const lengthBytes = 4;

/**
 * Writes every collection into `folder` as `<name>.bson.gz`: BSON documents one after the other, as mongodump has them.
 * Over the wire protocol, so from MongoDB and from the embedded server alike. Indexes are not written: `openMongo` makes them.
 */
export function dumpDocuments(place: DocumentPlace, folder: string): Promise<DocumentCounts> {
  return withDatabase(place, async (db) => {
    await mkdir(folder, { recursive: true });
    const counts: DocumentCounts = {};
    for (const name of await collectionNames(db)) {
      counts[name] = 0;
      const documents = db.collection(name).find({}, { raw: true, batchSize: batchDocuments });
      const bytes = async function* () {
        for await (const document of documents) {
          counts[name] = (counts[name] ?? 0) + 1;
          yield document as unknown as Buffer;
        }
      };
      await pipeline(Readable.from(bytes()), createGzip(), createWriteStream(join(folder, `${name}${ending}`)));
    }
    return counts;
  });
}

/** Replaces all documents of the database by those in `folder`; indexes stay. */
export function restoreDocuments(place: DocumentPlace, folder: string): Promise<DocumentCounts> {
  return withDatabase(place, async (db) => {
    for (const name of await collectionNames(db)) await db.collection(name).deleteMany({});
    const counts: DocumentCounts = {};
    const files = (await readdir(folder)).filter((name) => name.endsWith(ending));
    for (const file of files.sort()) {
      const name = file.slice(0, -ending.length);
      counts[name] = 0;
      for await (const batch of readBatches(join(folder, file))) {
        await db.collection(name).insertMany(batch, { ordered: true });
        counts[name] += batch.length;
      }
    }
    return counts;
  });
}

/** Collections that hold something. */
export function countDocuments(place: DocumentPlace): Promise<DocumentCounts> {
  return withDatabase(place, async (db) => {
    const names = await collectionNames(db);
    const found = await Promise.all(
      names.map(async (name) => [name, await db.collection(name).countDocuments()] as const),
    );
    return Object.fromEntries(found.filter(([, count]) => count > 0));
  });
}

async function collectionNames(db: Db): Promise<string[]> {
  const found = await db.listCollections({}, { nameOnly: true }).toArray();
  return found
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.'))
    .sort();
}

async function* readBatches(path: string): AsyncGenerator<BSON.Document[]> {
  let rest = Buffer.alloc(0);
  let batch: BSON.Document[] = [];
  let bytes = 0;
  for await (const chunk of createReadStream(path).pipe(createGunzip())) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let length = lengthOf(rest); length !== null; length = lengthOf(rest)) {
      // Numbers stay of the kind that they were written in.
      batch.push(BSON.deserialize(rest.subarray(0, length), { promoteValues: false, promoteBuffers: false }));
      rest = rest.subarray(length);
      bytes += length;
      if (batch.length < batchDocuments && bytes < batchBytesMax) continue;
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (rest.length > 0)
    throw new StudioError('STORE_UNAVAILABLE', `${path} ends in the middle of a document: it is no whole backup.`);
  if (batch.length > 0) yield batch;
}

/** Bytes of the document at the start, null where it is not there in whole yet. */
function lengthOf(bytes: Buffer): number | null {
  if (bytes.length < lengthBytes) return null;
  const length = bytes.readInt32LE(0);
  return bytes.length < length ? null : length;
}

async function withDatabase<T>({ url, database }: DocumentPlace, work: (db: Db) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000, socketTimeoutMS: timeoutMs });
  try {
    await client.connect();
    return await work(client.db(database));
  } finally {
    await client.close().catch(() => undefined);
  }
}
