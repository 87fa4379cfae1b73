import type { SearchPool } from '../../packages/db/src/postgres/search-pool.ts';
import { toVectorBytes } from '../../packages/db/src/postgres/vector-bytes.ts';
import { dims } from '../capacity/vector-server.ts';
import { mergeNearest, type NearList } from './merge-nearest.ts';
import type { Partition } from './start-partitions.ts';

export interface PartitionedSearch {
  partitions: readonly Partition[];
  /** Of the primary. */
  primary: SearchPool;
  /** Quoted name of the primary’s vectors. */
  table: string;
  /** Beam width at each partition. */
  efSearch: number;
  limit: number;
}

export interface Found {
  hits: { itemId: string; distance: number }[];
  /** Partitions that did not answer in time. */
  missing: number;
}

const partitionTimeoutMs = 1_000;
export const nearestOfPart = `SELECT coalesce(json_agg(item_no), '[]') AS numbers, coalesce(json_agg(distance), '[]') AS distances FROM (
  SELECT item_no, embedding <=> $1::vector::halfvec(${dims}) AS distance FROM part
   ORDER BY embedding <=> $1::vector::halfvec(${dims}) LIMIT $2) n`;

/** All partitions at once; then the primary says what still exists, and how far it is by the full values. */
export async function askPartitions(search: PartitionedSearch, vector: Float32Array): Promise<Found> {
  const bytes = toVectorBytes(vector, dims);
  const answers = await Promise.all(search.partitions.map((partition) => askOne(partition, search, bytes)));
  const lists = answers.filter((answer) => answer !== null);
  const numbers = mergeNearest(lists, search.limit);
  const hits = await search.primary.run<{ itemId: string; distance: number }>(
    { text: lastStatement(search.table), values: [bytes, numbers] },
    null,
  );
  return { hits, missing: answers.length - lists.length };
}

export async function askOne(
  { searches }: Partition,
  { efSearch, limit }: Pick<PartitionedSearch, 'efSearch' | 'limit'>,
  bytes: Buffer,
): Promise<NearList | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), partitionTimeoutMs);
  });
  const statement = { text: nearestOfPart, values: [bytes, limit] };
  const asked = searches
    .run<{ numbers: number[]; distances: number[] }>(statement, efSearch)
    .then(([row]) => row ?? null);
  try {
    return await Promise.race([asked, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

const lastStatement = (table: string) => `SELECT i.id AS "itemId", n.distance
  FROM (SELECT v.item_no, min(v.embedding <=> $1::vector) AS distance
          FROM unnest($2::int[]) AS c (item_no) JOIN ${table} v USING (item_no) GROUP BY v.item_no) n
  JOIN items i USING (item_no) ORDER BY n.distance, i.id`;
