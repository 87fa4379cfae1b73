import type { Collection, Db } from 'mongodb';
import { beforeEach, describe, expect } from 'vitest';
import { type ContractPart, codeOf, type Row } from './open-rows.ts';

export function describeAggregating({ open, it }: ContractPart): void {
  describe('aggregating', () => {
    let rows: Collection<Row>;
    let db: Db;
    beforeEach(() => {
      ({ db, rows } = open());
    });
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
      const orders = db.collection(`orders_${rows.collectionName}`);
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
      const into = `merged_${rows.collectionName}`;
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
}
