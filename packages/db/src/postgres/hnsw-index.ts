import { setTimeout } from 'node:timers/promises';
import type { CollectionStorage } from '@embedding-studio/contracts';
import type pg from 'pg';
import { collectionMissing } from './collection-rows.ts';
import type { Connection } from './connection.ts';
import { halfVector, requireWholeNumber, vectorIndexName, vectorTable } from './vector-table.ts';

const buildLock = 7_214_003;
const turnPollMs = 100;

async function isValid(client: pg.Client, index: string): Promise<boolean | null> {
  const found = await client.query<{ indisvalid: boolean }>(
    `SELECT x.indisvalid FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
      WHERE c.relname = $1 AND pg_table_is_visible(c.oid)`,
    [index],
  );
  return found.rows[0]?.indisvalid ?? null;
}

/** Asks again and again: a session that waits inside one statement would hold up the build that it waits for. */
async function waitForTurn(client: pg.Client, index: string): Promise<void> {
  for (;;) {
    const turn = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS mine', [
      buildLock,
      index,
    ]);
    if (turn.rows[0]?.mine === true) return;
    await setTimeout(turnPollMs);
  }
}

export interface IndexRequest {
  collectionId: string;
  dims: number;
  m: number;
  efConstruction: number;
}

/**
 * Builds beside running writes (CONCURRENTLY). A build that crashed leaves an invalid index: it is dropped and built
 * again. Builders wait for one another, so none takes another's unfinished index for a crashed one.
 */
export async function buildHnswIndex(connection: Connection, request: IndexRequest): Promise<void> {
  const index = vectorIndexName(request.collectionId);
  await connection.withBuildClient(async (client) => {
    await waitForTurn(client, index);
    await build(client, index, request);
  });
}

/** The new index is whole before it takes the name of the old one, in one transaction. */
export async function rebuildHnswIndex(connection: Connection, request: IndexRequest): Promise<void> {
  const index = vectorIndexName(request.collectionId);
  const next = `${index}_next`;
  await connection.withBuildClient(async (client) => {
    await waitForTurn(client, index);
    await client.query(`DROP INDEX CONCURRENTLY IF EXISTS "${next}"`);
    await build(client, next, request);
    await client.query(`BEGIN; DROP INDEX IF EXISTS "${index}"; ALTER INDEX "${next}" RENAME TO "${index}"; COMMIT`);
  });
}

async function build(client: pg.Client, index: string, request: IndexRequest): Promise<void> {
  const m = requireWholeNumber(request.m, 'm', { min: 2, max: 100 });
  const width = requireWholeNumber(request.efConstruction, 'efConstruction', { min: 2 * m, max: 1000 });
  const valid = await isValid(client, index);
  if (valid === true) return;
  if (valid === false) await client.query(`DROP INDEX CONCURRENTLY IF EXISTS "${index}"`);
  await client.query(
    `CREATE INDEX CONCURRENTLY "${index}" ON ${vectorTable(request.collectionId)}
     USING hnsw (${halfVector('embedding', request.dims)} halfvec_cosine_ops) WITH (m = ${m}, ef_construction = ${width})`,
  );
}

interface StorageRow {
  bytes: string;
  index_bytes: string | null;
  options: string[] | null;
  live: string;
  dead: string;
}

export async function describeStorage(connection: Connection, collectionId: string): Promise<CollectionStorage> {
  const [row] = await connection.query<StorageRow>(
    `SELECT pg_table_size(t.oid) AS bytes, pg_relation_size(to_regclass($2)) AS index_bytes,
            (SELECT reloptions FROM pg_class WHERE oid = to_regclass($2)) AS options,
            pg_stat_get_live_tuples(t.oid) AS live, pg_stat_get_dead_tuples(t.oid) AS dead
       FROM (SELECT to_regclass($1)::oid AS oid) t WHERE t.oid IS NOT NULL`,
    [vectorTable(collectionId), `"${vectorIndexName(collectionId)}"`],
  );
  if (row === undefined) throw collectionMissing(collectionId);
  const rows = Number(row.live) + Number(row.dead);
  return {
    vectorBytes: Number(row.bytes),
    indexBytes: row.index_bytes === null ? null : Number(row.index_bytes),
    index: row.index_bytes === null ? null : indexSettings(row.options ?? []),
    deadShare: rows === 0 ? null : Number(row.dead) / rows,
  };
}

/** `m=16` and the like, as Postgres keeps the settings of an index; pgvector's defaults where they were not given. */
function indexSettings(options: readonly string[]): NonNullable<CollectionStorage['index']> {
  const given = new Map(options.map((option) => option.split('=') as [string, string]));
  return { m: Number(given.get('m') ?? 16), efConstruction: Number(given.get('ef_construction') ?? 64) };
}
