import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { defaultRankingProfile } from '@embedding-studio/contracts';
import { startTestPostgres, type TestPostgres } from '@embedding-studio/testing/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Connection } from '../src/postgres/connection.ts';
import { createPool, migratePostgres, openPostgres } from '../src/postgres/index.ts';
import { makeClusteredVectors, makeItem, toRow } from './item-fixtures.ts';

let server: TestPostgres;
let pool: ReturnType<typeof createPool>;
const settings = () => ({ url: server.url, poolMax: 4, statementTimeoutMs: 5_000 });

beforeAll(async () => {
  server = await startTestPostgres();
  pool = createPool(settings());
});

afterAll(async () => {
  await pool.end();
  await server.stop();
});

const createCollection = () =>
  server.stores.collections.createCollection({ modelId: 'mdl_1', dims: 16, ranking: defaultRankingProfile });

describe('the live pointer', () => {
  it('is moved by exactly one of several processes that saw the same state', async () => {
    const all = [await createCollection(), ...(await Promise.all(Array.from({ length: 4 }, createCollection)))];
    const [first, ...rivals] = all.map((collection) => collection.id);
    await server.stores.collections.switchLive({ expected: null, next: first ?? '' });
    const script = fileURLToPath(new URL('./switch-live-process.ts', import.meta.url));
    const processes = rivals.map((next) => {
      const child = spawn(process.execPath, ['--import', 'tsx', script, server.url, first ?? '', next]);
      return { next, child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
    });
    for (const { lines } of processes) expect((await lines.next()).value).toBe('ready');
    for (const { child } of processes as { child: ChildProcessWithoutNullStreams }[]) child.stdin.write('go\n');
    const outcomes = await Promise.all(processes.map(async ({ lines }) => (await lines.next()).value));
    expect([...outcomes].sort()).toEqual(['LIVE_POINTER_MOVED', 'LIVE_POINTER_MOVED', 'LIVE_POINTER_MOVED', 'won']);
    const live = await server.stores.collections.findLive();
    expect(live).toMatchObject({
      collectionId: rivals[outcomes.indexOf('won')],
      previousCollectionId: first,
      version: 2,
    });
  });

  it('has one row whatever is tried', async () => {
    const other = await createCollection();
    await expect(
      pool.query('INSERT INTO live_pointer (singleton, collection_id, version) VALUES (false, $1, 1)', [other.id]),
    ).rejects.toThrow(/live_pointer_one_row/);
    await expect(
      pool.query('INSERT INTO live_pointer (collection_id, version) VALUES ($1, 1)', [other.id]),
    ).rejects.toThrow(/live_pointer_pkey/);
  });
});

describe('the schema', () => {
  it('is brought up to date by any number of processes at once, and again without harm', async () => {
    const name = `fresh_${Date.now()}`;
    await pool.query(`CREATE DATABASE ${name}`);
    const url = server.url.replace(/\/[^/]*$/, `/${name}`);
    const pools = Array.from({ length: 3 }, () => createPool({ url, poolMax: 1, statementTimeoutMs: 20_000 }));
    await Promise.all(pools.map(migratePostgres));
    await migratePostgres(pools[0] ?? pool);
    const stores = await openPostgres({ url, poolMax: 1, statementTimeoutMs: 5_000 });
    expect(await stores.items.countItems()).toBe(0);
    await Promise.all([stores.close(), ...pools.map((each) => each.end())]);
    await pool.query(`DROP DATABASE ${name} WITH (FORCE)`);
  });

  it('refuses to change, delete or truncate the audit log', async () => {
    await server.stores.audit.record({ actor: 'system:test', action: 'a.b', subject: 's', detail: {} });
    for (const statement of ["UPDATE audit_log SET actor = 'x'", 'DELETE FROM audit_log', 'TRUNCATE audit_log'])
      await expect(pool.query(statement)).rejects.toThrow(/append-only/);
    expect(await server.stores.audit.listAudit({ beforeId: null, limit: 5 })).toHaveLength(1);
  });

  it('shows what was done to the audit log behind the back of that guard', async () => {
    const { audit } = server.stores;
    const record = (subject: string) =>
      audit.record({ actor: 'system:test', action: 'a.b', subject, detail: { subject } });
    // Many at once: every row follows from the one before, whoever wrote it.
    await Promise.all(Array.from({ length: 40 }, (_, i) => record(`row ${i}`)));
    const whole = await audit.verifyAudit(null);
    expect(whole).toMatchObject({ rows: 41, unlinked: 0, brokenAt: null, headFound: null });
    const { id = 0, hash = '' } = whole.head ?? {};
    await record('after');
    expect(await audit.verifyAudit(hash)).toMatchObject({ rows: 42, brokenAt: null, headFound: true });
    const tamper = async (statement: string) => {
      await pool.query('ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only');
      await pool.query(statement);
      await pool.query('ALTER TABLE audit_log ENABLE TRIGGER audit_log_append_only');
      return audit.verifyAudit(hash);
    };
    const change = (detail: string) => tamper(`UPDATE audit_log SET detail = '${detail}' WHERE subject = 'row 7'`);
    const seventh = (await audit.listAudit({ beforeId: null, limit: 99 })).find(({ subject }) => subject === 'row 7');
    expect((await change('{"subject":"another"}')).brokenAt).toBe(seventh?.id);
    expect((await change('{"subject":"row 7"}')).brokenAt).toBeNull();
    expect(await tamper(`DELETE FROM audit_log WHERE id >= ${id}`)).toMatchObject({ brokenAt: null, headFound: false });
    const gone = await tamper("DELETE FROM audit_log WHERE subject = 'row 7'");
    expect(gone.brokenAt).toBeGreaterThan(seventh?.id ?? 0);
  });
});

describe('the vector index', () => {
  it('is built again when a crash left it invalid, and once when several ask at the same time', async () => {
    const { collections, items } = server.stores;
    const { id } = await createCollection();
    const all = Array.from({ length: 300 }, (_, i) => makeItem(`i${i}`));
    const vectors = makeClusteredVectors({ count: 300, dims: 16, clusters: 5, seed: 1 });
    await items.upsertItems(all);
    await collections.putVectors(
      id,
      all.map((item, i) => toRow(item, vectors[i] ?? new Float32Array(16))),
    );
    const index = `vectors_${id}_hnsw`;
    await pool.query(`CREATE INDEX "${index}" ON "vectors_${id}" USING hnsw (embedding vector_cosine_ops)`);
    await pool.query('UPDATE pg_index SET indisvalid = false WHERE indexrelid = $1::regclass', [`"${index}"`]);
    const before = await pool.query('SELECT $1::regclass::oid AS oid', [`"${index}"`]);
    await Promise.all(Array.from({ length: 3 }, () => collections.buildIndex(id, { m: 8, efConstruction: 32 })));
    const after = await pool.query(
      'SELECT x.indexrelid AS oid, x.indisvalid FROM pg_index x WHERE x.indexrelid = $1::regclass',
      [`"${index}"`],
    );
    expect(after.rows[0].indisvalid).toBe(true);
    expect(after.rows[0].oid).not.toBe(before.rows[0].oid);
    await expect(collections.buildIndex(id, { m: 8.5, efConstruction: 32 })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      field: 'm',
    });
  });
});

it('is built with the memory that the settings give it', async () => {
  const stores = await openPostgres({ ...settings(), buildMegabytes: 77 });
  await pool.query(`CREATE TABLE builds (memory text);
    CREATE FUNCTION note_build() RETURNS event_trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO builds VALUES (current_setting('maintenance_work_mem')); END $$;
    CREATE EVENT TRIGGER note_builds ON ddl_command_end WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION note_build()`);
  try {
    const { id } = await createCollection();
    await stores.collections.buildIndex(id, { m: 8, efConstruction: 32 });
    expect((await pool.query('SELECT memory FROM builds')).rows).toEqual([{ memory: '77MB' }]);
  } finally {
    await stores.close();
    await pool.query('DROP EVENT TRIGGER note_builds; DROP FUNCTION note_build; DROP TABLE builds');
  }
});

describe('trouble with the server', () => {
  it('is STORE_UNAVAILABLE when nobody listens, when nobody answers and when the pool is closed', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const open = (url: string) => openPostgres({ url, poolMax: 1, statementTimeoutMs: 500 });
    for (const url of ['postgres://x@127.0.0.1:1/x', `postgres://x@127.0.0.1:${port}/x`])
      await expect(open(url)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    silent.close();
    const stores = await openPostgres(settings());
    await stores.close();
    await expect(stores.items.countItems()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('is STORE_UNAVAILABLE for a statement that runs too long or is cut off, and the next one works', async () => {
    const connection = new Connection(createPool(settings()), { ...settings(), statementTimeoutMs: 5_000 });
    await expect(
      connection.query("SELECT set_config('statement_timeout', '50', false), pg_sleep(0)"),
    ).resolves.toBeDefined();
    const cutOff = connection.transaction(async (client) => {
      await client.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await expect(cutOff).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await connection.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await connection.end();
    const hasty = new Connection(createPool(settings()), { ...settings(), statementTimeoutMs: 50 });
    const tooLong = hasty.search({ text: 'SELECT pg_sleep(5)', values: [] }, 40);
    await expect(tooLong).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const width = { text: "SELECT current_setting('hnsw.ef_search') AS width", values: [] };
    expect(await hasty.search(width, 70)).toEqual([{ width: '70' }]);
    expect(await hasty.search(width, 90)).toEqual([{ width: '90' }]);
    await hasty.end();
  });

  it('runs a transaction once more after a deadlock, and once only', async () => {
    const connection = new Connection(pool, settings());
    await pool.query('CREATE TABLE spots (name text PRIMARY KEY, visits int NOT NULL)');
    await pool.query("INSERT INTO spots VALUES ('a', 0), ('b', 0)");
    let runs = 0;
    const visit = (order: string[]) =>
      connection.transaction(async (client) => {
        runs++;
        for (const name of order) {
          await client.query('UPDATE spots SET visits = visits + 1 WHERE name = $1', [name]);
          await client.query('SELECT pg_sleep(0.1)');
        }
      });
    await Promise.all([visit(['a', 'b']), visit(['b', 'a'])]);
    expect((await pool.query('SELECT visits FROM spots ORDER BY name')).rows).toEqual([{ visits: 2 }, { visits: 2 }]);
    // On a busy machine the server may end both.
    expect(runs).toBeGreaterThan(2);
    expect(runs).toBeLessThanOrEqual(4);
    let attempts = 0;
    const hopeless = connection.transaction(async (client) => {
      attempts++;
      await client.query("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
    });
    await expect(hopeless).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(attempts).toBe(2);
  });

  it('leaves nothing of an upsert that failed half-way', async () => {
    const { items } = server.stores;
    const before = await items.countItems();
    const statistics = (await pool.query('SELECT * FROM lexical_statistics')).rows;
    await pool.query(`ALTER TABLE lexemes ADD CONSTRAINT no_badword CHECK (lexeme <> 'badword')`);
    await expect(
      items.upsertItems([makeItem('new', { title: 'fine' }), makeItem('bad', { title: 'badword' })]),
    ).rejects.toThrow();
    await pool.query('ALTER TABLE lexemes DROP CONSTRAINT no_badword');
    expect(await items.countItems()).toBe(before);
    expect((await pool.query('SELECT * FROM lexical_statistics')).rows).toEqual(statistics);
    expect((await pool.query("SELECT 1 FROM postings WHERE lexeme IN ('fine', 'badword')")).rows).toEqual([]);
  });
});
