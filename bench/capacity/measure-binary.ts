import { createSearchPool } from '../../packages/db/src/postgres/open-pool.ts';
import { SearchPool } from '../../packages/db/src/postgres/search-pool.ts';
import { toVectorBytes } from '../../packages/db/src/postgres/vector-bytes.ts';
import type { MeasuredBinary } from './capacity-model.ts';
import { measureRecall, percentiles, secondsOf, sizeOf, type Truth } from './measure-server.ts';
import { dims, hnsw, type VectorServer } from './vector-server.ts';

const wanted = 10;
const candidates = [100, 400] as const;
const bits = (vector: string) => `binary_quantize(${vector})::bit(${dims})`;

/** An index over the signs of the values alone, whose candidates are ordered again by the full vectors. */
export async function measureBinary(
  server: VectorServer,
  { vectors, truth }: { vectors: number; truth: Truth },
): Promise<MeasuredBinary> {
  const { pool, table, queries } = server;
  const buildSeconds = await secondsOf(() =>
    pool.query(
      `SET maintenance_work_mem = '1GB'; CREATE INDEX bench_bits ON ${table} USING hnsw ((${bits('embedding')}) bit_hamming_ops)
         WITH (m = ${hnsw.m}, ef_construction = ${hnsw.efConstruction}); RESET maintenance_work_mem`,
    ),
  );
  const searches = new SearchPool(
    createSearchPool({ url: server.postgres.url, poolMax: 1, statementTimeoutMs: 30_000 }),
  );
  const ask = (vector: Float32Array, count: number) =>
    searches.run<{ itemId: string; distance: number }>(
      { text: nearest(table), values: [toVectorBytes(vector, dims), count, wanted] },
      count,
    );
  try {
    const found: MeasuredBinary['found'] = [];
    for (const count of candidates) {
      const recall = await measureRecall(truth, (vector) => ask(vector, count));
      const times: number[] = [];
      for (const vector of queries) times.push(1_000 * (await secondsOf(() => ask(vector, count))));
      found.push({ candidates: count, recall, p50Ms: percentiles(times).p50Ms });
    }
    return { vectors, indexBytes: await sizeOf(pool, 'bench_bits'), buildSeconds, found };
  } finally {
    await searches.pool.end();
    await pool.query('DROP INDEX bench_bits');
  }
}

const nearest = (table: string) => `WITH near AS MATERIALIZED (
    SELECT item_no, embedding <=> $1::vector AS distance FROM ${table}
     ORDER BY ${bits('embedding')} <~> ${bits('$1::vector')} LIMIT $2)
  SELECT i.id AS "itemId", near.distance FROM near JOIN items i USING (item_no) ORDER BY near.distance LIMIT $3`;
