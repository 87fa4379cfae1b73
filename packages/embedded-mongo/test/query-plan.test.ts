import { ObjectId } from 'bson';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BsonDocument } from '../src/bson-document.ts';
import { Collection } from '../src/collection.ts';
import type { IndexSpec } from '../src/collection-index.ts';
import { countDocuments, findDocuments } from '../src/find-documents.ts';
import { type KeyEntry, OrderedKeys } from '../src/ordered-keys.ts';
import { countByIndex, type SortSpec } from '../src/query-plan.ts';
import { encodeValue } from '../src/sort-key.ts';

const OPTIONAL = { requiredKeys: [], noNullPrototype: true };

const scalar = fc.oneof(
  fc.integer({ min: -2, max: 3 }),
  fc.constantFrom<unknown>('a', 'b', '', null, true, false, 0.5, new Date(0), new Date(5)),
);
const value = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) });
const row = fc.record({ a: value, b: scalar, c: fc.record({ d: value }, OPTIONAL) }, OPTIONAL);
const range = fc.record({ $gte: scalar, $lt: scalar }, OPTIONAL);
const condition = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }).map(($in) => ({ $in })),
  range.filter((bounds) => Object.keys(bounds).length > 0),
  scalar.map(($gt) => ({ $gt })),
);
const simple = fc.record({ a: condition, b: condition, 'c.d': condition }, OPTIONAL);
const filter = fc.oneof(
  simple,
  fc.array(simple, { minLength: 1, maxLength: 3 }).map(($or): BsonDocument => ({ $or })),
  fc.tuple(simple, simple).map(([left, right]): BsonDocument => ({ $and: [left, right] })),
);
const way = fc.constantFrom<1 | -1>(1, -1);
const sort = fc.record({ b: way, a: way }, OPTIONAL);

const INDEXES: Pick<IndexSpec, 'key' | 'sparse' | 'partialFilterExpression'>[] = [
  { key: { a: 1, b: 1 } },
  { key: { b: 1, a: 1 } },
  { key: { 'c.d': 1 }, sparse: true },
  { key: { b: 1 }, partialFilterExpression: { b: { $exists: true } } },
  { key: { b: 1, _id: 1 } },
];

function collectionOf(rows: BsonDocument[], indexes: typeof INDEXES): Collection {
  const collection = new Collection('test.rows');
  for (const [at, spec] of indexes.entries()) collection.addIndex({ ...spec, v: 2, name: `i${at}` });
  for (const [at, document] of rows.entries()) collection.put({ _id: at, ...document });
  return collection;
}

it('finds with indexes exactly what a scan finds', () => {
  const property = fc.property(fc.array(row, { maxLength: 15 }), filter, sort, (rows, wanted, order) => {
    const options = { filter: wanted, sort: { ...order, _id: 1 } as SortSpec };
    const scanned = findDocuments(collectionOf(rows, []), options);
    const found = findDocuments(collectionOf(rows, INDEXES), options);
    expect(found.documents).toEqual(scanned.documents);
    const some = findDocuments(collectionOf(rows, INDEXES), { ...options, skip: 1, limit: 3 });
    expect(some.documents).toEqual(scanned.documents.slice(1, 4));
  });
  fc.assert(property, { numRuns: 150 });
});

it('counts with indexes exactly what a scan finds', () => {
  const exact = fc.record({ a: scalar, b: fc.array(scalar, { maxLength: 3 }).map(($in) => ({ $in })) }, OPTIONAL);
  const closed = fc.record({ a: scalar, b: fc.record({ $gte: scalar, $lte: scalar }, OPTIONAL) }, OPTIONAL);
  const wanted = fc.oneof(filter, exact, closed);
  const property = fc.property(fc.array(row, { maxLength: 15 }), wanted, fc.nat({ max: 4 }), (rows, filter, limit) => {
    const scanned = findDocuments(collectionOf(rows, []), { filter, limit }).documents.length;
    expect(countDocuments(collectionOf(rows, INDEXES), { filter, limit })).toBe(scanned);
  });
  fc.assert(property, { numRuns: 300 });
});

it('counts values and closed ranges without looking at a document', () => {
  const rows = Array.from({ length: 3_000 }, (_, at) => ({ a: at % 3, b: at }));
  const collection = collectionOf(rows, INDEXES.slice(0, 1));
  expect(countByIndex(collection, { a: { $in: [0, 2] }, b: { $gte: 30, $lte: 2_000 } })).toBe(1_314);
  expect(countByIndex(collection, { a: 1 })).toBe(1_000);
  expect(countByIndex(collection, { a: 1, b: { $lt: 3 } })).toBeUndefined();
  expect(countByIndex(collection, { b: 3 })).toBeUndefined();
});

it('keeps the order of a sort across several values without reading more than it gives', () => {
  const rows = Array.from({ length: 3_000 }, (_, at) => ({ a: at % 3, b: (at * 7) % 3_000 }));
  const collection = collectionOf(rows, INDEXES.slice(0, 1));
  const options = { filter: { a: { $in: [0, 2] } }, sort: { b: -1 } as SortSpec, limit: 50 };
  const { documents, examined } = findDocuments(collection, options);
  expect(documents).toEqual(findDocuments(collectionOf(rows, []), options).documents);
  expect(examined).toBe(50);
});

it('keeps indexes true when documents change and go', () => {
  const change = fc.tuple(fc.nat({ max: 9 }), fc.option(row, { nil: undefined }));
  const property = fc.property(fc.array(change, { maxLength: 40 }), simple, (changes, wanted) => {
    const indexed = collectionOf([], INDEXES);
    const plain = collectionOf([], []);
    for (const [_id, document] of changes) {
      for (const collection of [indexed, plain]) {
        if (document) collection.put({ _id, ...document });
        else collection.remove(_id);
      }
    }
    const options = { filter: wanted, sort: { _id: 1 as const } };
    expect(findDocuments(indexed, options).documents).toEqual(findDocuments(plain, options).documents);
  });
  fc.assert(property, { numRuns: 100 });
});

it('sorts values of all types as MongoDB does', () => {
  const ordered = [
    null,
    Number.NEGATIVE_INFINITY,
    -1.5,
    -1,
    0,
    1e-300,
    2,
    10,
    Number.POSITIVE_INFINITY,
    '',
    'a',
    'a\u0000',
    'a\u0000b',
    'aa',
    'b',
    { a: 1 },
    { a: 2 },
    [1],
    new ObjectId('000000000000000000000001'),
    new ObjectId('0000000000000000000000ff'),
    false,
    true,
    new Date(-1),
    new Date(0),
    new Date(1e12),
  ];
  const keys = ordered.map(encodeValue);
  expect([...keys].sort((a, b) => (a < b ? -1 : 1))).toEqual(keys);
  const numbers = fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
    expect(encodeValue(a) < encodeValue(b)).toBe(a < b);
    expect(encodeValue(a) === encodeValue(b)).toBe(a === b);
  });
  fc.assert(numbers);
});

it('keeps a large set of keys in order through insertions and removals', () => {
  const keys = new OrderedKeys();
  const kept: KeyEntry[] = [];
  for (let n = 0; n < 6000; n++) {
    const entry = { key: String((n * 7919) % 5003).padStart(5, '0'), id: String(n) };
    keys.add(entry);
    kept.push(entry);
  }
  for (let n = 0; n < 6000; n += 3) keys.remove(kept[n] as KeyEntry);
  const left = kept.filter((_, n) => n % 3 !== 0);
  left.sort((a, b) => (a.key === b.key ? (a.id < b.id ? -1 : 1) : a.key < b.key ? -1 : 1));
  expect([...keys.range('', '\uffff')]).toEqual(left);
  expect([...keys.range('', '\uffff', true)]).toEqual(left.toReversed());
  const inner = left.filter(({ key }) => key >= '01000' && key <= '02000');
  expect([...keys.range('01000', '02000')]).toEqual(inner);
  expect([...keys.range('01000', '02000', true)]).toEqual(inner.toReversed());
});

it('takes the first by a sort without an index as a full sort would', () => {
  const rows = Array.from({ length: 500 }, (_, n) => ({ n: (n * 37) % 101, m: n % 7 }));
  const collection = collectionOf(rows, []);
  const order = { n: -1, m: 1 } as const;
  const all = findDocuments(collection, { sort: order }).documents;
  expect(findDocuments(collection, { sort: order, skip: 5, limit: 20 }).documents).toEqual(all.slice(5, 25));
  expect(all.every((next, at) => at === 0 || Number(all[at - 1]?.n) >= Number(next.n))).toBe(true);
});

it('merges the ranges of several values in the order asked for and reads only what it gives', () => {
  const rows = Array.from({ length: 3_000 }, (_, n) => ({ kind: `k${n % 7}`, at: (n * 37) % 1_009 }));
  const collection = collectionOf(rows, [{ key: { kind: 1, at: 1, _id: 1 } }]);
  const filter = { kind: { $in: ['k1', 'k4', 'k6', 'none'] }, at: { $lt: 800 } };
  for (const way of [1, -1] as const) {
    const sort = { at: way, _id: way };
    const scanned = findDocuments(collectionOf(rows, []), { filter, sort });
    expect(findDocuments(collection, { filter, sort }).documents).toEqual(scanned.documents);
    const first = findDocuments(collection, { filter, sort, limit: 10 });
    expect(first.documents).toEqual(scanned.documents.slice(0, 10));
    expect(first.examined).toBeLessThan(20);
  }
});

it('uses the index that a hint names, and refuses one that is not there', () => {
  const rows = [
    { a: 1, b: 2 },
    { a: 1, b: 1 },
  ];
  const collection = collectionOf(rows, [{ key: { a: 1 } }, { key: { b: 1 } }]);
  const filter = { a: 1, b: { $gt: 0 } };
  expect(findDocuments(collection, { filter, hint: { b: 1 } }).indexes).toEqual(['i1']);
  expect(findDocuments(collection, { filter, hint: 'i0' }).indexes).toEqual(['i0']);
  expect(() => findDocuments(collection, { filter, hint: { c: 1 } })).toThrow('hint');
});
