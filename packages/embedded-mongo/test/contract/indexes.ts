import type { Collection } from 'mongodb';
import { beforeEach, describe, expect } from 'vitest';
import { type ContractPart, codeOf, type Row } from './open-rows.ts';

export function describeIndexes({ open, it }: ContractPart): void {
  describe('indexes', () => {
    let rows: Collection<Row>;
    beforeEach(() => {
      rows = open().rows;
    });
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
}
