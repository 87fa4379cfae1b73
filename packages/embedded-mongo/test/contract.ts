import { Binary, type Collection, type Db, type Document, Long, MongoServerError, ObjectId } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

export interface ConnectedStore {
  /** A database of its own for this run; the suite drops it at the end. */
  db: Db;
  close(): Promise<void>;
}

type Row = Document;

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof MongoServerError ? error.code : error;
}

/** What the product needs of a document store, asked through the official driver. */
export function describeDocumentStore(name: string, connect: () => Promise<ConnectedStore>): void {
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

    describe('reading', () => {
      beforeEach(async () => {
        const made = Array.from({ length: 50 }, (_, n) => ({
          n,
          third: n % 3,
          tags: ['a', 'b'],
          at: new Date(1e12 + n * 1e6),
          nest: { x: n },
        }));
        await rows.insertMany(made);
      });

      it('filters, sorts, skips, limits and projects', async () => {
        const filter = { n: { $gte: 10, $lt: 40 }, 'nest.x': { $in: [11, 12, 13, 14] } };
        const found = rows.find(filter).sort({ n: -1 }).skip(1).limit(2).project({ n: 1, _id: 0 });
        expect(await found.toArray()).toEqual([{ n: 13 }, { n: 12 }]);
      });

      it('answers dates, regular expressions, $or, $exists, $elemMatch, $not, $all, $size and $expr', async () => {
        await rows.insertOne({
          n: 100,
          name: 'Alice',
          parts: [
            { k: 1, v: 2 },
            { k: 2, v: 3 },
          ],
        });
        const counts: [Row, number][] = [
          [{ at: { $gt: new Date(1e12 + 40e6) } }, 9],
          [{ name: /^al/i }, 1],
          [{ name: { $regex: '^al', $options: 'i' } }, 1],
          [{ $or: [{ n: 1 }, { third: { $exists: false } }] }, 2],
          [{ parts: { $elemMatch: { k: 2, v: 3 } } }, 1],
          [{ parts: { $elemMatch: { k: 1, v: 3 } } }, 0],
          [{ n: { $not: { $lt: 50 } } }, 1],
          [{ tags: { $all: ['a', 'b'] } }, 50],
          [{ tags: { $size: 2 }, n: { $ne: 3 } }, 49],
          [{ $expr: { $eq: ['$n', '$nest.x'] }, n: { $nin: [1, 2] } }, 48],
          [{ third: null }, 1],
          [{ tags: 'a', third: 0 }, 17],
        ];
        for (const [filter, count] of counts) {
          expect([filter, await rows.countDocuments(filter)]).toEqual([filter, count]);
        }
      });

      it('fetches further batches, and distinct values, and counts', async () => {
        const read: unknown[] = [];
        for await (const row of rows.find({}, { batchSize: 7 })) read.push(row.n);
        expect(read).toEqual(Array.from({ length: 50 }, (_, n) => n));
        expect(await rows.distinct('third')).toEqual([0, 1, 2]);
        expect(await rows.distinct('tags', { n: 1 })).toEqual(['a', 'b']);
        expect(await rows.estimatedDocumentCount()).toBe(50);
        expect(await rows.countDocuments({}, { limit: 5 })).toBe(5);
      });

      it('projects inclusions, exclusions, nested fields, computed ones and matching elements', async () => {
        await rows.insertOne({ _id: 'p' as never, a: { b: 1, c: 2 }, list: [{ k: 1 }, { k: 2 }, { k: 3 }] });
        const cases: [Row, Row][] = [
          [{ 'a.b': 1 }, { _id: 'p', a: { b: 1 } }],
          [
            { 'a.b': 0, _id: 0 },
            { a: { c: 2 }, list: [{ k: 1 }, { k: 2 }, { k: 3 }] },
          ],
          [{ list: { $elemMatch: { k: 2 } }, _id: 0 }, { list: [{ k: 2 }] }],
          [{ both: { $add: ['$a.b', '$a.c'] }, _id: 0 }, { both: 3 }],
        ];
        for (const [projection, row] of cases) {
          expect([projection, await rows.findOne({ _id: 'p' as never }, { projection })]).toEqual([projection, row]);
        }
        expect(await rows.findOne({ _id: 'p' as never })).toMatchObject({ a: { b: 1, c: 2 } });
      });

      it('sorts by several fields in different directions', async () => {
        const found = await rows
          .find({ n: { $lt: 6 } })
          .sort({ third: 1, n: -1 })
          .toArray();
        expect(found.map(({ n }) => n)).toEqual([3, 0, 4, 1, 5, 2]);
      });

      it('loses the rest of a cursor when it is closed', async () => {
        const cursor = rows.find({}, { batchSize: 5 });
        await cursor.next();
        const id = cursor.id as Long;
        await cursor.close();
        expect(await codeOf(db.command({ getMore: id, collection: rows.collectionName }))).toBe(43);
      });
    });

    describe('changing', () => {
      it('applies the update operators', async () => {
        await rows.insertOne({ n: 1, old: 'x', t: 1, tags: ['a', 'b'], nest: { x: 1 }, mul: 3 });
        const updates: Row[] = [
          { $set: { 'nest.y': 5 }, $inc: { n2: 2 }, $push: { tags: 'c' }, $unset: { t: '' }, $rename: { old: 'new' } },
          { $addToSet: { tags: { $each: ['c', 'd'] } }, $mul: { mul: 2 } },
          { $pull: { tags: 'a' }, $min: { low: 1 }, $currentDate: { at: true } },
          { $push: { log: { $each: [1, 2, 3, 4], $slice: -3, $sort: -1 } }, $max: { n2: 10 } },
        ];
        for (const update of updates) await rows.updateOne({ n: 1 }, update);
        const { _id, at, ...row } = (await rows.findOne({ n: 1 })) as Row;
        expect(at).toBeInstanceOf(Date);
        expect(row).toEqual({
          n: 1,
          tags: ['b', 'c', 'd'],
          nest: { x: 1, y: 5 },
          mul: 6,
          n2: 10,
          new: 'x',
          low: 1,
          log: [3, 2, 1],
        });
      });

      it('reports matched and modified apart, and changes all with updateMany', async () => {
        await rows.insertMany([{ s: 'new' }, { s: 'new' }, { s: 'run' }]);
        const all = await rows.updateMany({}, { $set: { s: 'run' } });
        expect([all.matchedCount, all.modifiedCount]).toEqual([3, 2]);
        expect((await rows.deleteMany({ s: 'run' })).deletedCount).toBe(3);
      });

      it('upserts from filter, $setOnInsert and $set, once', async () => {
        const update = { $set: { v: 1 }, $setOnInsert: { made: true } };
        const first = await rows.updateOne({ key: 'k', 'sub.id': 7 }, update, { upsert: true });
        const second = await rows.updateOne({ key: 'k', 'sub.id': 7 }, update, { upsert: true });
        expect([first.upsertedCount, second.upsertedCount, second.matchedCount]).toEqual([1, 0, 1]);
        expect(await rows.findOne({ key: 'k' })).toMatchObject({ v: 1, made: true, sub: { id: 7 } });
        await rows.updateOne({ _id: 'mine' as never }, { $set: { v: 2 } }, { upsert: true });
        expect(await rows.findOne({ _id: 'mine' as never })).toEqual({ _id: 'mine', v: 2 });
        await rows.replaceOne({ key: 'other' }, { w: 1 }, { upsert: true });
        expect(await rows.countDocuments({ w: 1, key: { $exists: false } })).toBe(1);
      });

      it('reaches into arrays with arrayFilters, $, $[] and $elemMatch', async () => {
        await rows.insertOne({
          n: 1,
          parts: [
            { k: 1, v: 2 },
            { k: 2, v: 3 },
          ],
        });
        await rows.updateOne({ n: 1 }, { $set: { 'parts.$[e].v': 99 } }, { arrayFilters: [{ 'e.k': 2 }] });
        await rows.updateOne({ n: 1, 'parts.k': 1 }, { $set: { 'parts.$.v': 77 } });
        await rows.updateOne({ parts: { $elemMatch: { k: 2, v: 99 } } }, { $inc: { 'parts.$.v': 1 } });
        await rows.updateOne({ n: 1 }, { $set: { 'parts.$[].seen': true } });
        expect(await rows.findOne({ n: 1 })).toMatchObject({
          parts: [
            { k: 1, v: 77, seen: true },
            { k: 2, v: 100, seen: true },
          ],
        });
      });

      it('updates with a pipeline', async () => {
        await rows.insertOne({ n: 2, nest: { x: 2 } });
        await rows.updateOne({ n: 2 }, [{ $set: { sum: { $add: ['$n', '$nest.x'] } } }, { $unset: 'nest' }]);
        expect(await rows.findOne({ n: 2 }, { projection: { _id: 0 } })).toEqual({ n: 2, sum: 4 });
      });

      it('finds and modifies: before, after, sorted, upserted, removed', async () => {
        await rows.insertMany([
          { n: 1, s: 'new' },
          { n: 2, s: 'new' },
        ]);
        const run = { $set: { s: 'run' } };
        expect(await rows.findOneAndUpdate({ s: 'new' }, run, { sort: { n: -1 } })).toMatchObject({ n: 2, s: 'new' });
        const after = await rows.findOneAndUpdate({ s: 'new' }, run, {
          returnDocument: 'after',
          projection: { s: 1, _id: 0 },
        });
        expect(after).toEqual({ s: 'run' });
        expect(await rows.findOneAndUpdate({ s: 'new' }, run)).toBeNull();
        const made = await rows.findOneAndUpdate({ n: 3 }, run, { upsert: true, returnDocument: 'after' });
        expect(made).toMatchObject({ n: 3, s: 'run' });
        expect(await rows.findOneAndReplace({ n: 3 }, { n: 4 }, { returnDocument: 'after' })).toMatchObject({ n: 4 });
        expect(await rows.findOneAndDelete({ n: 4 })).toMatchObject({ n: 4 });
        expect(await rows.countDocuments()).toBe(2);
      });

      it('runs mixed bulk writes, and says which statement failed', async () => {
        const result = await rows.bulkWrite([
          { insertOne: { document: { _id: 1 as never, v: 1 } } },
          { updateOne: { filter: { _id: 1 as never }, update: { $inc: { v: 5 } } } },
          { updateOne: { filter: { _id: 2 as never }, update: { $set: { v: 9 } }, upsert: true } },
          { deleteOne: { filter: { _id: 1 as never } } },
          { replaceOne: { filter: { _id: 2 as never }, replacement: { w: 1 } } },
        ]);
        expect([result.insertedCount, result.modifiedCount, result.upsertedCount, result.deletedCount]).toEqual([
          1, 2, 1, 1,
        ]);
        expect(await rows.find().toArray()).toEqual([{ _id: 2, w: 1 }]);
        const twice = [3, 2, 4].map((id) => ({ _id: id as never }));
        await expect(rows.insertMany(twice)).rejects.toMatchObject({ code: 11000, insertedCount: 1 });
        await expect(rows.insertMany([{ _id: 2 as never }, { _id: 4 as never }], { ordered: false })).rejects.toThrow(
          /E11000/,
        );
        expect(await rows.distinct('_id')).toEqual([2, 3, 4]);
      });

      it('keeps 64-bit integers, binary data, ObjectIds, dates and nulls as they were', async () => {
        const row = {
          _id: new ObjectId(),
          bytes: new Binary(Buffer.from('abc')),
          long: Long.fromString('9007199254740993'),
          at: new Date(5),
          none: null,
          deep: [[1], { a: [] }],
        };
        await rows.insertOne(row);
        expect(await rows.findOne({ _id: row._id, bytes: row.bytes })).toEqual(row);
      });

      it('refuses changes that MongoDB refuses', async () => {
        await rows.insertOne({ _id: 1 as never, text: 'x', list: [1] });
        const bad: [Row, number][] = [
          [{ $set: { _id: 2 } }, 66],
          [{ $inc: { text: 1 } }, 14],
          [{ $push: { text: 1 } }, 2],
          [{ $set: { 'text.deeper': 1 } }, 28],
          [{ $nonsense: { a: 1 } }, 9],
          [{ $set: { a: 1 }, $inc: { a: 1 } }, 40],
        ];
        for (const [update, code] of bad) {
          expect([update, await codeOf(rows.updateOne({ _id: 1 as never }, update))]).toEqual([update, code]);
        }
        expect(await rows.findOne({})).toEqual({ _id: 1, text: 'x', list: [1] });
      });
    });

    describe('indexes', () => {
      it('enforces a compound unique index and names the key', async () => {
        await rows.createIndex({ a: 1, b: 1 }, { unique: true });
        await rows.insertMany([
          { a: 1, b: 1 },
          { a: 1, b: 2 },
        ]);
        const error = await rows.insertOne({ a: 1, b: 1 }).catch((reason: unknown) => reason);
        expect(error).toMatchObject({ code: 11000, keyPattern: { a: 1, b: 1 }, keyValue: { a: 1, b: 1 } });
        expect(await codeOf(rows.updateOne({ b: 2 }, { $set: { b: 1 } }))).toBe(11000);
        await rows.deleteOne({ a: 1, b: 1 });
        await rows.updateOne({ b: 2 }, { $set: { b: 1 } });
        expect(await rows.countDocuments({ a: 1, b: 1 })).toBe(1);
      });

      it('enforces partial and sparse unique indexes only where they apply', async () => {
        const partialFilterExpression = { key: { $exists: true } };
        await rows.createIndex({ key: 1 }, { unique: true, partialFilterExpression });
        await rows.createIndex({ alias: 1 }, { unique: true, sparse: true });
        await rows.insertMany([{ b: 1 }, { b: 2 }, { key: 'k', alias: 'x' }]);
        expect(await codeOf(rows.insertOne({ key: 'k' }))).toBe(11000);
        expect(await codeOf(rows.insertOne({ alias: 'x' }))).toBe(11000);
        expect(await rows.find({ key: 'k' }).toArray()).toHaveLength(1);
        expect(await rows.find({ key: null }).toArray()).toHaveLength(2);
      });

      it('refuses a unique index over duplicates, and a clash of names or options', async () => {
        await rows.insertMany([{ a: 1 }, { a: 1 }]);
        expect(await codeOf(rows.createIndex({ a: 1 }, { unique: true }))).toBe(11000);
        await rows.createIndex({ a: 1 });
        await rows.createIndex({ a: 1 });
        expect(await codeOf(rows.createIndex({ b: 1 }, { name: 'a_1' }))).toBe(86);
        expect((await rows.indexes()).map((index) => index.name)).toEqual(['_id_', 'a_1']);
        await rows.dropIndex('a_1');
        expect(await codeOf(rows.dropIndex('a_1'))).toBe(27);
        expect(await rows.indexes()).toHaveLength(1);
      });

      it('reads only what it needs of a big collection', async () => {
        const made = Array.from({ length: 1000 }, (_, n) => ({
          status: n % 100 === 0 ? 'run' : 'done',
          leaseUntil: new Date(n),
          batchId: `b${n % 10}`,
          number: n,
          tags: [`t${n}`, 'all'],
        }));
        await rows.insertMany(made);
        await rows.createIndex({ status: 1, leaseUntil: 1 });
        await rows.createIndex({ batchId: 1, number: 1 });
        await rows.createIndex({ tags: 1 });
        const cost = async (filter: Row, sort: Record<string, 1 | -1>, limit: number) => {
          const plan = await rows.find(filter).sort(sort).limit(limit).explain('executionStats');
          return plan.executionStats.totalDocsExamined as number;
        };
        expect(await cost({ status: 'run', leaseUntil: { $lt: new Date(500) } }, {}, 0)).toBeLessThan(7);
        expect(await cost({ batchId: 'b3', number: { $gt: 500 } }, { number: 1 }, 20)).toBeLessThan(25);
        expect(await cost({ batchId: 'b3' }, { number: -1 }, 5)).toBe(5);
        expect(await cost({ batchId: { $in: ['b1', 'b2'] }, number: { $in: [11, 12] } }, {}, 0)).toBeLessThan(5);
        expect(await cost({ tags: 't77' }, {}, 0)).toBe(1);
        const page = await rows
          .find({ batchId: 'b3', number: { $gt: 500 } })
          .sort({ number: 1 })
          .limit(3)
          .toArray();
        expect(page.map(({ number }) => number)).toEqual([503, 513, 523]);
        const last = await rows.find({ batchId: 'b3' }).sort({ number: -1 }).limit(2).toArray();
        expect(last.map(({ number }) => number)).toEqual([993, 983]);
      });
    });

    describe('aggregating', () => {
      beforeEach(async () => {
        await rows.insertMany(Array.from({ length: 50 }, (_, n) => ({ n, third: n % 3, tags: ['a', 'b'] })));
      });

      it('groups, unwinds, computes and sorts', async () => {
        const groups = await rows
          .aggregate([
            { $match: { n: { $lt: 50 } } },
            { $group: { _id: '$third', count: { $sum: 1 }, top: { $max: '$n' }, mean: { $avg: '$n' } } },
            { $sort: { _id: 1 } },
          ])
          .toArray();
        expect(groups[0]).toEqual({ _id: 0, count: 17, top: 48, mean: 24 });
        const tags = await rows
          .aggregate([
            { $match: { n: { $lt: 3 } } },
            { $unwind: '$tags' },
            { $addFields: { 'more.big': { $cond: [{ $gt: ['$n', 1] }, 'y', 'n'] } } },
            { $group: { _id: { tag: '$tags', big: '$more.big' }, c: { $sum: 1 } } },
            { $sort: { '_id.tag': 1, '_id.big': 1 } },
          ])
          .toArray();
        expect(tags.map(({ _id, c }) => `${_id.tag}${_id.big}${c}`)).toEqual(['an2', 'ay1', 'bn2', 'by1']);
        expect(await rows.countDocuments({ more: { $exists: true } })).toBe(0);
      });

      it('joins by equality and by pipeline', async () => {
        const orders = db.collection(`orders${serial}`);
        await orders.insertMany([
          { un: 1, p: 5 },
          { un: 1, p: 7 },
          { un: 2, p: 9 },
        ]);
        const from = orders.collectionName;
        const both = { $match: { n: { $in: [1, 2] } } };
        const counts = await rows
          .aggregate([
            both,
            { $lookup: { from, localField: 'n', foreignField: 'un', as: 'o' } },
            { $sort: { n: 1 } },
            { $project: { _id: 0, c: { $size: '$o' } } },
          ])
          .toArray();
        expect(counts).toEqual([{ c: 2 }, { c: 1 }]);
        const pipeline = [{ $match: { $expr: { $eq: ['$un', '$$k'] } } }, { $sort: { p: -1 } }, { $limit: 1 }];
        const tops = await rows
          .aggregate([both, { $lookup: { from, let: { k: '$n' }, pipeline, as: 'o' } }, { $sort: { n: 1 } }])
          .toArray();
        expect(tops.map(({ o }) => o[0].p)).toEqual([7, 9]);
      });

      it('answers $facet, $bucket, $count and an empty match', async () => {
        const bucket = { groupBy: '$n', boundaries: [0, 25, 50], default: 'other' };
        const facet = { few: [{ $match: { n: { $lt: 10 } } }, { $count: 'c' }], halves: [{ $bucket: bucket }] };
        const [found] = await rows.aggregate([{ $facet: facet }]).toArray();
        expect(found).toEqual({
          few: [{ c: 10 }],
          halves: [
            { _id: 0, count: 25 },
            { _id: 25, count: 25 },
          ],
        });
        expect(await rows.aggregate([{ $match: { n: -1 } }, { $count: 'c' }]).toArray()).toEqual([]);
      });

      it('merges into a collection and replaces one with $out', async () => {
        const into = `merged${serial}`;
        const merged = db.collection(into);
        const first = await rows.findOne({ n: 0 });
        await merged.insertOne({ _id: first?._id, kept: true });
        const few = [{ $match: { n: { $lt: 5 } } }, { $project: { n: 1 } }];
        await rows.aggregate([...few, { $merge: { into, on: '_id' } }]).toArray();
        expect(await merged.countDocuments()).toBe(5);
        expect(await merged.findOne({ n: 0 })).toMatchObject({ kept: true });
        await rows.aggregate([...few, { $match: { n: 1 } }, { $out: into }]).toArray();
        expect(await merged.countDocuments()).toBe(1);
      });

      it('names a stage it does not know', async () => {
        expect(await codeOf(rows.aggregate([{ $nonsense: {} }]).toArray())).toBe(40324);
      });
    });

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
