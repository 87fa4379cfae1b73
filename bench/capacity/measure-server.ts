import { spreadOf } from '../alternate.ts';
import type { MeasuredSize } from './capacity-model.ts';
import { hnsw, type VectorServer } from './vector-server.ts';

const wanted = 10;
const efSearch = 100;
const clients = 4;
const recallQueries = 50;

export async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return (performance.now() - started) / 1_000;
}

async function logPosition({ pool }: VectorServer): Promise<number> {
  const { rows } = await pool.query("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS at");
  return rows[0]?.at;
}

/** Bytes of log that the work writes. */
export async function logOf(server: VectorServer, run: () => Promise<unknown>): Promise<number> {
  const before = await logPosition(server);
  await run();
  return (await logPosition(server)) - before;
}

/** Of a relation that the name, as a quoted identifier, stands for. */
export async function sizeOf(pool: VectorServer['pool'], name: string): Promise<number> {
  const { rows } = await pool.query('SELECT pg_relation_size($1::regclass)::float8 AS bytes', [name]);
  return rows[0]?.bytes;
}

/** Builds the product's index over what is there, and searches it. */
export async function measureServer(
  server: VectorServer,
  { vectors, truth }: { vectors: number; truth: Truth },
): Promise<MeasuredSize> {
  const { collections } = server.stores;
  await server.pool.query(`VACUUM ANALYZE ${server.table}`);
  let buildSeconds = 0;
  const buildLogBytes = await logOf(server, async () => {
    buildSeconds = await secondsOf(() => collections.buildIndex(server.collectionId, hnsw));
  });
  const index = server.table.replace(/"$/, '_hnsw"');
  const ask = (vector: Float32Array) =>
    collections.findNearest({ collectionId: server.collectionId, vector, limit: wanted, efSearch });
  for (const vector of server.queries) await ask(vector);
  const times: number[] = [];
  for (const vector of server.queries) times.push(1_000 * (await secondsOf(() => ask(vector))));
  const elapsed = await secondsOf(() => inTurn(server.queries, ask));
  return {
    vectors,
    tableBytes: await sizeOf(server.pool, server.table),
    indexBytes: await sizeOf(server.pool, index),
    buildSeconds,
    buildLogBytes,
    ...percentiles(times),
    queriesPerSecond: server.queries.length / elapsed,
    recall: await measureRecall(truth, ask),
  };
}

export function percentiles(times: readonly number[]): { p50Ms: number; p95Ms: number } {
  const sorted = [...times].sort((a, b) => a - b);
  return { p50Ms: spreadOf(sorted).median, p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN };
}

/** From as many clients at once as the product's benchmarks use. */
export async function inTurn<T>(list: readonly T[], run: (one: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const client = async () => {
    for (let one = list[next++]; one !== undefined; one = list[next++]) await run(one);
  };
  await Promise.all(Array.from({ length: clients }, client));
}

type Ask = (vector: Float32Array) => Promise<{ itemId: string; distance: number }[]>;

/** Queries with the distance of the tenth nearest of all, found without an index. */
export type Truth = readonly { vector: Float32Array; last: number }[];

export async function findTruth({ queries, stores, collectionId }: VectorServer): Promise<Truth> {
  const wish = { collectionId, limit: wanted, efSearch, exact: true };
  const truth: { vector: Float32Array; last: number }[] = [];
  for (const vector of queries.slice(0, recallQueries)) {
    const hits = await stores.collections.findNearest({ ...wish, vector });
    truth.push({ vector, last: hits.at(-1)?.distance ?? 0 });
  }
  return truth;
}

/** Share of the ten nearest that are found; items as near as the tenth are as good as it. */
export async function measureRecall(truth: Truth, ask: Ask): Promise<number> {
  let found = 0;
  for (const { vector, last } of truth)
    found += (await ask(vector)).filter(({ distance }) => distance <= last + 1e-6).length;
  return found / (truth.length * wanted);
}
