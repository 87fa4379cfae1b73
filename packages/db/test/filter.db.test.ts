import { Filter, type ItemRecord } from '@embedding-studio/contracts';
import { createPool } from '@embedding-studio/db/postgres';
import { startTestPostgres, type TestPostgres } from '@embedding-studio/testing/postgres';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filterSql, toPath } from '../src/postgres/filter-sql.ts';
import { Parameters } from '../src/postgres/parameters.ts';
import { hostileTexts, makeItem } from './item-fixtures.ts';

const payloads: Record<string, Record<string, unknown>> = {
  lamp: {
    name: 'Red desk lamp',
    price: 19.5,
    tags: ['light', 'red'],
    stock: { shop: 3 },
    on: true,
    made: '2024-03-01',
  },
  chair: { name: 'Chairs of red oak', price: 120, tags: ['wood'], stock: { shop: 0 }, on: false, made: '2023-12-31' },
  rug: {
    name: "it's 100% wool_rug",
    price: '19.5',
    tags: [],
    stock: null,
    'a.b': 1,
    made: '2024-03-01T12:00:00+02:00',
  },
  vase: { name: 'Vase', sizes: [1, 5, 20], made: 'last year', on: 'true' },
};

let server: TestPostgres;
let pool: pg.Pool;

beforeAll(async () => {
  server = await startTestPostgres();
  const items: ItemRecord[] = Object.entries(payloads).map(([id, payload]) =>
    makeItem(id, { title: `The ${id}`, payload }),
  );
  await server.stores.items.upsertItems(items);
  pool = createPool({ url: server.url, poolMax: 2, statementTimeoutMs: 5_000 });
});

afterAll(async () => {
  await pool.end();
  await server.stop();
});

async function find(filter: unknown): Promise<string[]> {
  const parameters = new Parameters();
  const where = filterSql(Filter.parse(filter), parameters);
  const { rows } = await pool.query<{ id: string }>(
    `SELECT i.id FROM items i WHERE ${where} ORDER BY i.id`,
    parameters.values,
  );
  return rows.map(({ id }) => id);
}

describe('filters find', () => {
  const column = { forceNotPayload: true };
  it.each<[string, unknown, string[]]>([
    ['a text', { term: { field: 'name', value: 'Vase' } }, ['vase']],
    ['a number, and not the text of it', { term: { field: 'price', value: 19.5 } }, ['lamp']],
    ['a boolean, and not the word', { term: { field: 'on', value: true } }, ['lamp']],
    ['false, which is not absent', { term: { field: 'on', value: false } }, ['chair']],
    ['an element of a list', { term: { field: 'tags', value: 'red' } }, ['lamp']],
    ['one of several', { terms: { field: 'name', values: ['Vase', "it's 100% wool_rug"] } }, ['rug', 'vase']],
    ['any element', { any: { field: 'tags', values: ['wood', 'red'] } }, ['chair', 'lamp']],
    ['any of a long list', { any: { field: 'tags', values: [...Array(40).keys(), 'wood'] } }, ['chair']],
    ['all elements', { all: { field: 'tags', values: ['red', 'light'] } }, ['lamp']],
    ['no item when one of all is missing', { all: { field: 'tags', values: ['red', 'wood'] } }, []],
    ['a nested field', { term: { field: 'stock.shop', value: 3 } }, ['lamp']],
    ['a name with a dot', { term: { field: 'a\\.b', value: 1 } }, ['rug']],
    ['what is there, null and empty lists aside', { exists: { field: 'stock' } }, ['chair', 'lamp']],
    ['no empty list', { exists: { field: 'tags' } }, ['chair', 'lamp']],
    ['numbers in a range', { range: { field: 'price', range: { gte: 19.5, lt: 120 } } }, ['lamp']],
    ['a number of a list in the range', { range: { field: 'sizes', range: { gt: 5, lte: 20 } } }, ['vase']],
    [
      'no list whose numbers meet the bounds only together',
      { range: { field: 'sizes', range: { gt: 5, lt: 20 } } },
      [],
    ],
    ['dates', { range: { field: 'made', range: { gte: '2024-01-01' } } }, ['lamp', 'rug']],
    [
      'instants',
      { range: { field: 'made', range: { gt: '2024-03-01T09:59:59Z', lt: '2024-03-01T10:00:01Z' } } },
      ['rug'],
    ],
    ['words in any order, stemmed', { match: { field: 'name', value: 'lamps red' } }, ['lamp']],
    ['nothing for no words', { match: { field: 'name', value: '!!' } }, []],
    ['words next to each other', { match_phrase: { field: 'name', value: 'red oak' } }, ['chair']],
    ['no words apart as a phrase', { match_phrase: { field: 'name', value: 'red lamp' } }, []],
    ['a pattern', { wildcard: { field: 'name', value: 'red*l?mp' } }, ['lamp']],
    ['signs of the pattern language as themselves', { wildcard: { field: 'name', value: '*100%*_*' } }, ['rug']],
    ['an element by pattern', { wildcard: { field: 'tags', value: 'w?od' } }, ['chair']],
    ['a column', { term: { field: 'object_id', value: 'rug', ...column } }, ['rug']],
    ['words of a column', { match: { field: 'title', value: 'the vase', ...column } }, ['vase']],
    ['a column by date', { range: { field: 'createdAt', range: { lt: '2020-01-01' }, ...column } }, []],
    ['all for an empty bool', { bool: {} }, ['chair', 'lamp', 'rug', 'vase']],
  ])('%s', async (_, filter, expected) => {
    expect(await find(filter)).toEqual(expected);
  });

  it('must and filter together, one of should, none of must_not', async () => {
    const red = { match: { field: 'name', value: 'red' } };
    const lit = { term: { field: 'on', value: true } };
    const wood = { term: { field: 'tags', value: 'wood' } };
    expect(await find({ bool: { must: [red], filter: [lit] } })).toEqual(['lamp']);
    expect(await find({ bool: { should: [lit, wood] } })).toEqual(['chair', 'lamp']);
    expect(await find({ bool: { must_not: [lit, wood] } })).toEqual(['rug', 'vase']);
    expect(await find({ bool: { must: [red], must_not: [{ bool: { should: [lit] } }] } })).toEqual(['chair']);
  });

  it('what lacks the field by must_not: no answer is not a wrong answer', async () => {
    expect(await find({ bool: { must_not: [{ range: { field: 'price', range: { gt: 0 } } }] } })).toEqual([
      'rug',
      'vase',
    ]);
  });
});

describe('hostile values', () => {
  it.each(hostileTexts)('are values and nothing else: %j', async (hostile) => {
    const field = hostile.slice(0, 256) || 'x';
    const value = hostile.slice(0, 1_000) || 'x';
    for (const operator of ['match', 'match_phrase', 'wildcard', 'term'])
      expect(await find({ bool: { must: [{ [operator]: { field, value } }] } }).catch((error) => error.code)).toEqual(
        /\0/.test(hostile) ? '22P05' : [],
      );
  });

  it.each(["'; SELECT pg_sleep(3); --", '$1', '{"a":1}', 'a}', '"', '\\', '$[*]', '%', '_', "x' OR 'x'='x"])(
    'do not leave their place: %s',
    async (hostile) => {
      expect(await find({ term: { field: hostile, value: hostile } })).toEqual([]);
      expect(await find({ range: { field: hostile, range: { gt: 1 } } })).toEqual([]);
      expect(await find({ exists: { field: hostile } })).toEqual([]);
    },
  );
});

describe('malformed filters are refused', () => {
  const nested = (depth: number): unknown =>
    depth === 0 ? { exists: { field: 'a' } } : { bool: { must: [nested(depth - 1)] } };
  it.each<[string, unknown]>([
    ['no operator', {}],
    ['two operators', { exists: { field: 'a' }, term: { field: 'a', value: 1 } }],
    ['an unknown operator', { regexp: { field: 'a', value: '.*' } }],
    ['an unknown key', { term: { field: 'a', value: 1, boost: 2 } }],
    ['a missing field', { term: { value: 1 } }],
    ['no bound', { range: { field: 'a', range: {} } }],
    ['bounds of two kinds', { range: { field: 'a', range: { gt: 1, lt: '2024-01-01' } } }],
    ['a bound that is no date', { range: { field: 'a', range: { gt: 'yesterday' } } }],
    ['a column that is not offered', { exists: { field: 'content_hash', forceNotPayload: true } }],
    ['clauses nested too deep', nested(9)],
    ['too many clauses', { bool: { should: Array(101).fill({ exists: { field: 'a' } }) } }],
    ['an empty list', { terms: { field: 'a', values: [] } }],
  ])('%s', (_, filter) => {
    expect(Filter.safeParse(filter).success).toBe(false);
  });
});

it('reads dots as nesting, and escaped ones as part of the name', () => {
  expect(toPath('a.b.c')).toEqual(['a', 'b', 'c']);
  expect(toPath('a\\.b')).toEqual(['a.b']);
  expect(toPath('a\\\\.b')).toEqual(['a\\', 'b']);
});
