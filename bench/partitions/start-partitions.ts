import { setTimeout as sleep } from 'node:timers/promises';
import { type PrivatePostgres, startPrivatePostgres } from '@embedding-studio/testing/private-postgres';
import type pg from 'pg';
import { createSearchPool } from '../../packages/db/src/postgres/open-pool.ts';
import { SearchPool } from '../../packages/db/src/postgres/search-pool.ts';
import { secondsOf } from '../capacity/measure-server.ts';
import { dims, hnsw, openBarePool, type VectorServer } from '../capacity/vector-server.ts';

/** A server with the rows of one remainder, in half precision, under an index of its own. */
export interface Partition {
  server: PrivatePostgres;
  pool: pg.Pool;
  searches: SearchPool;
}

export interface StartedPartitions {
  partitions: Partition[];
  /** First copy of the rows, all partitions at once. */
  copySeconds: number;
  /** Of each index, one after the other. */
  buildSeconds: number[];
  stop(): Promise<void>;
}

const clients = 8;
const polls = { everyMs: 50, times: 2_400 };

/**
 * The primary publishes each remainder of the items’ numbers by itself (row filter, PostgreSQL ≥ 15), without the
 * content hash (column list); a partition subscribes to one. Its table holds halfvec: half the bytes, and rounded as
 * the primary’s own index rounds.
 */
export async function startPartitions(primary: VectorServer, count: number): Promise<StartedPartitions> {
  const { rows } = await primary.pool.query<{ number: number }>('SELECT max(item_no) AS number FROM items');
  const servers = await Promise.all(
    Array.from({ length: count }, () => startPrivatePostgres({ settings: ['shared_buffers=512MB'] })),
  );
  const partitions = servers.map((server): Partition => {
    const searches = new SearchPool(
      createSearchPool({ url: server.url, poolMax: clients, statementTimeoutMs: 10_000 }),
    );
    return { server, searches, pool: openBarePool(server.url, 2) };
  });
  const copySeconds = await secondsOf(async () => {
    for (const [remainder, { pool }] of partitions.entries()) await subscribe(primary, pool, { remainder, count });
    await waitForAll(partitions, rows[0]?.number ?? 0);
  });
  const buildSeconds: number[] = [];
  for (const { pool } of partitions) buildSeconds.push(await secondsOf(() => buildIndex(pool)));
  const stop = async () => {
    for (const { pool, searches, server } of partitions) {
      await Promise.all([pool.end(), searches.pool.end()]);
      await server.stop();
    }
  };
  return { partitions, copySeconds, buildSeconds, stop };
}

async function subscribe(
  primary: VectorServer,
  pool: pg.Pool,
  part: { remainder: number; count: number },
): Promise<void> {
  const name = `part_${part.remainder}`;
  await primary.pool.query(
    `CREATE PUBLICATION ${name} FOR TABLE ${primary.table} (item_no, ordinal, embedding)
      WHERE (item_no % ${part.count} = ${part.remainder})`,
  );
  const { port, username, pathname } = new URL(primary.postgres.url);
  await pool.query(
    `CREATE TABLE ${primary.table} (item_no integer NOT NULL, ordinal integer NOT NULL, embedding halfvec(${dims}) NOT NULL,
       PRIMARY KEY (item_no, ordinal))`,
  );
  await pool.query(`ALTER TABLE ${primary.table} ALTER COLUMN embedding SET STORAGE PLAIN`);
  await pool.query(
    `CREATE SUBSCRIPTION ${name} CONNECTION 'host=127.0.0.1 port=${port} user=${username} dbname=${pathname.slice(1)}'
       PUBLICATION ${name}`,
  );
  await pool.query(`CREATE VIEW part AS SELECT * FROM ${primary.table}`);
}

/** Until the partitions hold as many rows as the primary has. */
export async function waitForAll(partitions: readonly Partition[], rows: number): Promise<void> {
  for (let poll = 0; poll < polls.times; poll++) {
    const counts = await Promise.all(
      partitions.map(async ({ pool }) => (await pool.query('SELECT count(*)::int AS rows FROM part')).rows[0]?.rows),
    );
    if (counts.reduce((sum, each) => sum + each, 0) >= rows) return;
    await sleep(polls.everyMs);
  }
  throw new TypeError('The partitions did not get all rows.');
}

async function buildIndex(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query(
      `SELECT format('%I', relname) AS name FROM pg_class WHERE relname LIKE 'vectors_%' AND relkind = 'r'`,
    );
    await client.query(`SET maintenance_work_mem = '1GB'`);
    await client.query(
      `CREATE INDEX part_hnsw ON ${rows[0]?.name} USING hnsw (embedding halfvec_cosine_ops)
         WITH (m = ${hnsw.m}, ef_construction = ${hnsw.efConstruction})`,
    );
    await client.query(`VACUUM ANALYZE ${rows[0]?.name}`);
  } finally {
    client.release();
  }
}
