import { Binary, type Collection, Long, ObjectId } from 'mongodb';
import { beforeEach, describe, expect } from 'vitest';
import { type ContractPart, codeOf, type Row } from './open-rows.ts';

export function describeChanging({ open, it }: ContractPart): void {
  describe('changing', () => {
    let rows: Collection<Row>;
    beforeEach(() => {
      rows = open().rows;
    });
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
}
