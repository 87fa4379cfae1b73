import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import type { Connection } from './connection.ts';
import { halfVector, requireWholeNumber, vectorIndexName, vectorTable } from './vector-table.ts';

const buildLock = 7_214_003;
const turnPollMs = 100;
const buildMemory = '256MB';

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

/**
 * Builds beside running writes (CONCURRENTLY). A build that crashed leaves an invalid index: it is dropped and built
 * again. Builders wait for one another, so none takes another's unfinished index for a crashed one.
 */
export async function buildHnswIndex(
  connection: Connection,
  request: { collectionId: string; dims: number; m: number; efConstruction: number },
): Promise<void> {
  const index = vectorIndexName(request.collectionId);
  const m = requireWholeNumber(request.m, 'm', { min: 2, max: 100 });
  const width = requireWholeNumber(request.efConstruction, 'efConstruction', { min: 2 * m, max: 1000 });
  await connection.withLongClient(async (client) => {
    await waitForTurn(client, index);
    await client.query(`SET maintenance_work_mem = '${buildMemory}'`);
    const valid = await isValid(client, index);
    if (valid === true) return;
    if (valid === false) await client.query(`DROP INDEX CONCURRENTLY IF EXISTS "${index}"`);
    await client.query(
      `CREATE INDEX CONCURRENTLY "${index}" ON ${vectorTable(request.collectionId)}
       USING hnsw (${halfVector('embedding', request.dims)} halfvec_cosine_ops) WITH (m = ${m}, ef_construction = ${width})`,
    );
  });
}
