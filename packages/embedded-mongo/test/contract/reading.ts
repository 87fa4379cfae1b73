import type { Collection, Db, Long } from 'mongodb';
import { beforeEach, describe, expect } from 'vitest';
import { type ContractPart, codeOf, type Row } from './open-rows.ts';

export function describeReading({ open, it }: ContractPart): void {
  describe('reading', () => {
    let rows: Collection<Row>;
    let db: Db;
    beforeEach(() => {
      ({ db, rows } = open());
    });
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
}
