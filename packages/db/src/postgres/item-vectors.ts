import { fromSql } from 'pgvector';
import type { Connection } from './connection.ts';
import { vectorTable } from './vector-table.ts';

/** Ids only: vectors would take far longer to fetch than it takes to compare their hashes. */
export async function findFresh(
  connection: Connection,
  asked: { collectionId: string; items: readonly { id: string; contentHash: string }[] },
): Promise<string[]> {
  if (asked.items.length === 0) return [];
  const rows = await connection.query<{ id: string }>(
    `SELECT i.id FROM unnest($1::text[], $2::text[]) AS g (id, content_hash)
       JOIN items i ON i.id = g.id
      WHERE EXISTS (SELECT 1 FROM ${vectorTable(asked.collectionId)} v
                     WHERE v.item_no = i.item_no AND v.content_hash = g.content_hash)`,
    [asked.items.map((item) => item.id), asked.items.map((item) => item.contentHash)],
  );
  return rows.map((row) => row.id);
}

/** Computed when asked: there is nothing that could grow stale, and no second vector that a search could find. */
export async function findAverages(
  connection: Connection,
  asked: { collectionId: string; itemIds: readonly string[] },
): Promise<{ itemId: string; vector: Float32Array }[]> {
  if (asked.itemIds.length === 0) return [];
  const rows = await connection.query<{ id: string; average: string }>(
    `SELECT id, average::text FROM (
       SELECT i.id, avg(v.embedding) AS average
         FROM items i JOIN ${vectorTable(asked.collectionId)} v ON v.item_no = i.item_no
        WHERE i.id = ANY($1::text[]) GROUP BY i.id) a ORDER BY id`,
    [asked.itemIds],
  );
  return rows.map((row) => ({ itemId: row.id, vector: Float32Array.from(fromSql(row.average) as number[]) }));
}
