import { defaultRankingProfile } from '@embedding-studio/contracts';
import { openPostgres, type PostgresStores } from '@embedding-studio/db/postgres';
import { type PrivatePostgres, startPrivatePostgres } from '@embedding-studio/testing/private-postgres';
import pg from 'pg';
import { toVectorArrayBytes, toVectorBytes } from '../../packages/db/src/postgres/vector-bytes.ts';
import { vectorTable } from '../../packages/db/src/postgres/vector-table.ts';
import { createVectorSource } from './clustered-vectors.ts';

export const dims = 384;
/** As the product builds its indexes. */
export const hnsw = { m: 16, efConstruction: 128 };
const batchRows = 1_000;
const clusters = 2_000;
export const buildMegabytes = 1_024;

/** A private server with a collection of the product's own form. */
export interface VectorServer {
  postgres: PrivatePostgres;
  /** With memory for a build that holds the whole graph. */
  stores: PostgresStores;
  collectionId: string;
  /** Quoted. */
  table: string;
  pool: pg.Pool;
  /** From the same space as what is stored. */
  queries: Float32Array[];
  /** Adds items with one vector each, as a reindex would leave them; continues where the last call ended. */
  addVectors(count: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startVectorServer(options: { queries: number; settings?: string[] }): Promise<VectorServer> {
  const memory = ['shared_buffers=1GB', 'max_wal_size=4GB', ...(options.settings ?? [])];
  const postgres = await startPrivatePostgres({ settings: memory });
  const stores = await openPostgres({ url: postgres.url, poolMax: 5, statementTimeoutMs: 60_000, buildMegabytes });
  const { collections } = stores;
  const ranking = defaultRankingProfile;
  const { id: collectionId } = await collections.createCollection({ modelId: 'mdl_bench', dims, ranking });
  const pool = openBarePool(postgres.url, 4);
  const table = vectorTable(collectionId);
  const draw = createVectorSource({ dims, clusters, seed: 11 });
  const queries = Array.from({ length: options.queries }, draw);
  const { rows } = await pool.query<{ type: number }>("SELECT 'vector'::regtype::oid AS type");
  const type = rows[0]?.type ?? 0;
  return {
    ...{ postgres, stores, collectionId, table, pool, queries },
    addVectors: async (count) => {
      for (let done = 0; done < count; done += batchRows)
        await addBatch(pool, { table, type, vectors: Array.from({ length: Math.min(batchRows, count - done) }, draw) });
    },
    stop: async () => {
      await Promise.all([pool.end(), stores.close()]);
      await postgres.stop();
    },
  };
}

export function openBarePool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  // Servers are stopped while connections rest.
  pool.on('error', () => undefined);
  return pool;
}

async function addBatch(
  pool: pg.Pool,
  { table, type, vectors }: { table: string; type: number; vectors: readonly Float32Array[] },
): Promise<void> {
  const bytes = vectors.map((vector) => toVectorBytes(vector, dims));
  await pool.query(
    `WITH added AS (
       INSERT INTO items (id, title, body, payload, content_hash, parts)
       SELECT 'item-' || gen_random_uuid(), '', '', '{}', encode(sha256(random()::text::bytea), 'hex'), '[]'
         FROM generate_series(1, $2::int) RETURNING item_no, content_hash),
     placed AS (SELECT *, row_number() OVER (ORDER BY item_no) AS place FROM added)
     INSERT INTO ${table} (item_no, ordinal, content_hash, embedding)
     SELECT p.item_no, 0, p.content_hash, e.embedding
       FROM unnest($1::vector[]) WITH ORDINALITY AS e (embedding, place) JOIN placed p USING (place)`,
    [toVectorArrayBytes(bytes, type), bytes.length],
  );
}
