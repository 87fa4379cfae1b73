import type { Collection, Db } from 'mongodb';
import { afterAll, beforeAll, beforeEach, it as declare, describe, expect } from 'vitest';
import { describeAggregating } from './contract/aggregating.ts';
import { describeChanging } from './contract/changing.ts';
import { describeIndexes } from './contract/indexes.ts';
import { codeOf, type Declare, type Row } from './contract/open-rows.ts';
import { describeReading } from './contract/reading.ts';

export interface ConnectedStore {
  /** A database of its own for this run; the suite drops it at the end. */
  db: Db;
  close(): Promise<void>;
}

/** What the product needs of a document store, asked through the official driver. */
export function describeDocumentStore(
  name: string,
  connect: () => Promise<ConnectedStore>,
  it: Declare = declare,
): void {
  describe(name, () => {
    let store: ConnectedStore;
    let db: Db;
    let rows: Collection<Row>;
    let serial = 0;

    beforeAll(async () => {
      store = await connect();
      db = store.db;
    });
    beforeEach(() => {
      rows = db.collection(`rows${serial++}`);
    });
    afterAll(async () => {
      await db.dropDatabase();
      await store.close();
    });

    const part = { open: () => ({ db, rows }), it };
    describeReading(part);
    describeChanging(part);
    describeIndexes(part);
    describeAggregating(part);

    it('claims each document once when many ask at the same time', async () => {
      await rows.insertMany(Array.from({ length: 20 }, (_, n) => ({ n, s: 'new' })));
      const claim = () => rows.findOneAndUpdate({ s: 'new' }, { $set: { s: 'run' } }, { sort: { n: 1 } });
      const claims = await Promise.all(Array.from({ length: 30 }, claim));
      const taken = claims.flatMap((row) => (row ? [row.n] : []));
      expect(taken.sort()).toEqual(Array.from({ length: 20 }, (_, n) => n).sort());
    });

    it('lists and drops collections', async () => {
      await rows.insertOne({ a: 1 });
      const names = async () => (await db.listCollections().toArray()).map(({ name }) => name);
      expect(await names()).toContain(rows.collectionName);
      const { databases } = await db.admin().listDatabases();
      expect(databases.map((database) => database.name)).toContain(db.databaseName);
      await rows.drop();
      expect(await names()).not.toContain(rows.collectionName);
      expect(await rows.findOne({})).toBeNull();
    });

    it('answers an unknown command and a nameless collection with the proper errors', async () => {
      expect(await codeOf(db.command({ noSuchThing: 1 }))).toBe(59);
      expect(await codeOf(db.command({ find: '' }))).toBe(73);
    });
  });
}
