import type { Loader, SourceRow } from '@embedding-studio/contracts';
import { createPostgresLoader } from '@embedding-studio/db/source';
import { commonChecks, loaderChecks } from '@embedding-studio/plugins/conformance';
import { startTestPostgres, type TestPostgres } from '@embedding-studio/testing/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const { signal } = new AbortController();
let postgres: TestPostgres;
let sql: pg.Client;
let loader: Loader;
let base: Record<string, unknown>;

beforeAll(async () => {
  postgres = await startTestPostgres();
  sql = new pg.Client({ connectionString: postgres.url });
  await sql.connect();
  await sql.query(`
    CREATE SCHEMA shop;
    CREATE TABLE shop."Odd ""name" (
      id bigint PRIMARY KEY, title text, body text, facts jsonb, tags text[], price numeric, at timestamptz NOT NULL,
      gone_at timestamptz, updated_at timestamp NOT NULL);
    INSERT INTO shop."Odd ""name"
    SELECT n, 'title ' || n, 'body ' || n, jsonb_build_object('colour', jsonb_build_array('red', n)), ARRAY['a', 'b'],
           n * 1.25, '2024-05-01 12:00+02', NULL, timestamp '2024-05-01' + (n / 3) * interval '1 microsecond'
      FROM generate_series(1, 1200) n`);
  const { hostname, port, pathname, username, password } = new URL(postgres.url);
  base = {
    ...{ host: hostname, port: Number(port), database: pathname.slice(1), user: decodeURIComponent(username) },
    ...(password !== '' && { password: decodeURIComponent(password) }),
  };
  const resolveHost = async (host: string) => {
    if (host === 'private.test') throw new Error('private');
    return { address: host === 'localhost' ? '127.0.0.1' : host };
  };
  loader = createPostgresLoader({ resolveHost }) as Loader;
});
afterAll(async () => {
  await sql.end();
  await postgres.stop();
});

const table = { table: 'shop.Odd "name', cursorColumn: 'updated_at' };
async function readAll(config: Record<string, unknown>, cursor: string | null = null): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const row of loader.read(loader.config.parse({ ...base, ...config }), { cursor, signal })) rows.push(row);
  return rows;
}

test('conforms, and a connection test names the step that fails', async () => {
  const config = { ...base, ...table };
  const broken = [
    { config: { ...config, host: 'private.test' }, failsAt: 'resolve' },
    { config: { ...config, port: 9 }, failsAt: 'connect' },
    { config: { ...config, database: 'missing' }, failsAt: 'authenticate' },
    { config: { ...config, table: 'shop.missing' }, failsAt: 'list' },
    { config: { ...config, cursorColumn: 'missing' }, failsAt: 'list' },
    { config: { ...base, query: 'SELECT 1 / (n - n) AS id FROM generate_series(1, 3) n' }, failsAt: 'read' },
  ];
  for (const check of [...commonChecks(loader, config), ...loaderChecks(loader, { config, broken })]) await check.run();
});

describe('reading', () => {
  test('gives every row once in the order of the cursor column, ties included, with all types as JSON', async () => {
    const rows = await readAll(table);
    expect(rows.map(({ record }) => Number(record.key))).toEqual(Array.from({ length: 1_200 }, (_, n) => n + 1));
    expect(rows[1]?.record.fields).toMatchObject({
      ...{ id: 2, title: 'title 2', facts: { colour: ['red', 2] }, tags: ['a', 'b'], price: 2.5 },
      ...{ at: '2024-05-01T10:00:00+00:00', gone_at: null },
    });
  });

  test('goes on with rows that were changed, added or deleted since', async () => {
    const config = { ...table, deletedColumn: 'gone_at' };
    const cursor = (await readAll(config)).at(-1)?.cursor ?? null;
    expect(await readAll(config, cursor)).toEqual([]);
    await sql.query(`UPDATE shop."Odd ""name" SET title = 'new', updated_at = now() WHERE id = 7`);
    await sql.query(`UPDATE shop."Odd ""name" SET gone_at = now(), updated_at = now() + interval '1s' WHERE id = 8`);
    const rows = await readAll(config, cursor);
    expect(rows.map(({ record }) => [record.key, record.isDeleted ?? false, record.fields.title])).toEqual([
      ['7', false, 'new'],
      ['8', true, undefined],
    ]);
  });

  test('takes a query in place of a table', async () => {
    const query = 'SELECT id, title FROM shop."Odd ""name" WHERE id <= 3 -- the first;\n;';
    expect((await readAll({ query })).map(({ record }) => record.fields)).toEqual([
      { id: 1, title: 'title 1' },
      { id: 2, title: 'title 2' },
      { id: 3, title: 'title 3' },
    ]);
  });
});

test('nothing can be written, whatever the query says', async () => {
  await sql.query('CREATE TABLE victim (id int); CREATE SEQUENCE numbers');
  const attempts = [
    'DELETE FROM victim RETURNING 1 AS id',
    'WITH d AS (DELETE FROM victim RETURNING 1 AS id) SELECT * FROM d',
    'SELECT 1 AS id) AS q; DROP TABLE victim; --',
    'SELECT 1 AS id) AS q; COMMIT; DROP TABLE victim; SELECT (SELECT 1',
    'SELECT 1 AS id) AS q; COMMIT; DROP TABLE victim; SELECT * FROM (SELECT 1 AS id, 2 AS key',
    "SELECT nextval('numbers') AS id",
    "SELECT 1 AS id FROM (SELECT set_config('transaction_read_only', 'off', false)) s, LATERAL (SELECT nextval('numbers')) n",
  ];
  for (const query of attempts)
    await expect(readAll({ query }), query).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'query' });
  expect((await sql.query("SELECT to_regclass('victim') AS name")).rows[0]?.name).toBe('victim');
});

test('a name is never more than a name', async () => {
  for (const name of ['id" FROM victim; --', "id'; --", 'id" > 0 OR "id'])
    await expect(readAll({ ...table, keyColumn: name })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

test('an aborted read ends its statement', async () => {
  const stop = new AbortController();
  const config = loader.config.parse({ ...base, query: 'SELECT pg_sleep(60)::text AS id' });
  const reading = loader.read(config, { cursor: null, signal: stop.signal })[Symbol.asyncIterator]().next();
  const isSleeping = async () =>
    (await sql.query("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"))
      .rowCount;
  while ((await isSleeping()) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort(new Error('enough'));
  await expect(reading).rejects.toThrowError('enough');
});

test('a table and a query, or neither, are refused', () => {
  for (const more of [{}, { table: 'a', query: 'SELECT 1' }])
    expect(loader.config.safeParse({ ...base, ...more }).success).toBe(false);
});
