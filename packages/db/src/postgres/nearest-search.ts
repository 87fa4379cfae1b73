import type { CollectionStore } from '@embedding-studio/contracts';
import type { CollectionShape } from './collection-rows.ts';
import type { Connection } from './connection.ts';
import { filterSql } from './filter-sql.ts';
import { Parameters as StatementParameters } from './parameters.ts';
import { readNear } from './replicas/reads.ts';
import { toVectorBytes } from './vector-bytes.ts';
import { halfVector, requireWholeNumber, vectorTable } from './vector-table.ts';

const partsMax = 2_000;
const efMax = 1_000;

/** Parts to fetch so that `items` different items come back, though one item may hold several of the places. */
export function partsFor(items: number, shape: CollectionShape): number {
  return Math.min(Math.max(items, partsMax), items * shape.partsMax);
}

/** Beam width of an approximate search: never narrower than the parts to be found. */
export function widthOf(efSearch: number, parts: number): number {
  return Math.min(efMax, Math.max(efSearch, Math.min(parts, efMax)));
}

export interface NearestQuery {
  collectionId: string;
  vector: Float32Array;
  limit: number;
  efSearch: number;
  exact?: boolean;
}

export async function countNear(
  connection: Connection,
  query: Parameters<CollectionStore['countNear']>[0],
): Promise<number> {
  const parameters = new StatementParameters();
  const vector = parameters.bind(toVectorBytes(query.vector, query.vector.length), 'vector');
  const aggregate = query.parts === 'mean' ? 'avg' : 'min';
  const where = query.filter === undefined ? 'true' : filterSql(query.filter, parameters);
  const statement = `SELECT count(*)::int AS total FROM (
       SELECT v.item_no FROM ${vectorTable(query.collectionId)} v JOIN items i USING (item_no) WHERE ${where}
        GROUP BY v.item_no
       HAVING ${aggregate}(v.embedding <=> ${vector}) <= ${parameters.bind(query.distanceMax + 1e-9, 'float8')}) n`;
  const [row] = await readNear(connection, (server) => server.query<{ total: number }>(statement, parameters.values));
  return row?.total ?? 0;
}

export async function findNearest(
  connection: Connection,
  { query, shape }: { query: NearestQuery; shape: CollectionShape },
): Promise<{ itemId: string; distance: number }[]> {
  requireWholeNumber(query.limit, 'limit', { min: 1, max: 10_000 });
  const vector = toVectorBytes(query.vector, shape.dims);
  const table = vectorTable(query.collectionId);
  if (query.exact === true)
    return connection.query(
      `SELECT i.id AS "itemId", n.distance FROM (
         SELECT item_no, min(embedding <=> $1::vector) AS distance FROM ${table} GROUP BY item_no) n
         JOIN items i USING (item_no) ORDER BY n.distance, i.id LIMIT $2`,
      [vector, query.limit],
    );
  const parts = partsFor(query.limit, shape);
  const statement = {
    text: `WITH near AS MATERIALIZED (
        SELECT item_no, embedding <=> $1::vector AS distance FROM ${table}
         ORDER BY ${halfVector('embedding', shape.dims)} <=> ${halfVector('$1::vector', shape.dims)} LIMIT $2),
      best AS (SELECT item_no, min(distance) AS distance FROM near GROUP BY item_no)
      SELECT i.id AS "itemId", best.distance FROM best JOIN items i USING (item_no)
       ORDER BY best.distance, i.id LIMIT $3`,
    values: [vector, parts, query.limit],
  };
  return readNear(connection, (server) => server.search(statement, widthOf(query.efSearch, parts)));
}
