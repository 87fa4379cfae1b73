import type pg from 'pg';
import { toVectorBytes } from '../../packages/db/src/postgres/vector-bytes.ts';
import { halfVector } from '../../packages/db/src/postgres/vector-table.ts';
import { percentiles, secondsOf } from '../capacity/measure-server.ts';
import { dims, type VectorServer } from '../capacity/vector-server.ts';
import { askOne, askPartitions, type PartitionedSearch } from './ask-partitions.ts';
import type { Partition } from './start-partitions.ts';

interface Latency {
  p50Ms: number;
  p95Ms: number;
}

/** One partition asked by itself, as it would answer on a machine of its own; and the whole, one query at a time. */
export async function measureAlone(
  search: PartitionedSearch,
  queries: readonly Float32Array[],
): Promise<{ partition: Latency; whole: Latency }> {
  const [partition] = search.partitions;
  const times: { partition: number[]; whole: number[] } = { partition: [], whole: [] };
  for (const vector of queries) {
    const bytes = toVectorBytes(vector, dims);
    if (partition !== undefined)
      times.partition.push(1_000 * (await secondsOf(() => askOne(partition, search, bytes))));
    times.whole.push(1_000 * (await secondsOf(() => askPartitions(search, vector))));
  }
  return { partition: percentiles(times.partition), whole: percentiles(times.whole) };
}

/** Pages that a server touches for one search: work that does not depend on how busy the machine is. */
export async function measureWork(
  primary: VectorServer,
  partition: Partition | undefined,
  { efSearch, limit }: { efSearch: number; limit: number },
): Promise<{ one: number; partition: number }> {
  const indexed = halfVector('embedding', dims);
  const asked = halfVector('$1::vector', dims);
  const whole = `SELECT item_no FROM ${primary.table} ORDER BY ${indexed} <=> ${asked} LIMIT ${limit}`;
  const part = `SELECT item_no FROM part ORDER BY embedding <=> ${asked} LIMIT ${limit}`;
  const queries = primary.queries.slice(0, 50);
  return {
    one: await pagesOf(primary.pool, whole, { efSearch, queries }),
    partition: partition === undefined ? 0 : await pagesOf(partition.pool, part, { efSearch, queries }),
  };
}

interface Explained {
  'QUERY PLAN': { Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }[];
}

async function pagesOf(
  pool: pg.Pool,
  statement: string,
  { efSearch, queries }: { efSearch: number; queries: readonly Float32Array[] },
): Promise<number> {
  const client = await pool.connect();
  let pages = 0;
  try {
    await client.query(`SET enable_seqscan = off; SET hnsw.ef_search = ${efSearch}`);
    for (const vector of queries) {
      const values = [toVectorBytes(vector, dims)];
      const { rows } = await client.query<Explained>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement}`, values);
      const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
      pages += (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0);
    }
    return pages / queries.length;
  } finally {
    client.release(true);
  }
}

/** Bytes of a partition. */
export async function sizesOf(pool: pg.Pool): Promise<{ rows: number; tableBytes: number; indexBytes: number }> {
  const { rows } = await pool.query(
    `SELECT (SELECT count(*)::int FROM part) AS rows, pg_relation_size('part_hnsw')::float8 AS "indexBytes",
       (SELECT pg_relation_size(indrelid)::float8 FROM pg_index WHERE indexrelid = 'part_hnsw'::regclass) AS "tableBytes"`,
  );
  return rows[0];
}
