import { type ItemRecord, StudioError, type VectorRow } from '@embedding-studio/contracts';
import { fromSql } from 'pgvector';
import type { CollectionShape } from './collection-rows.ts';
import type { Connection } from './connection.ts';
import { type StoredItem, toRecord } from './item-record.ts';
import { toVectorArrayBytes, toVectorBytes } from './vector-bytes.ts';
import { vectorTable } from './vector-table.ts';

/** Parts of one item together, ordinals distinct. */
function requireDistinct(rows: readonly VectorRow[]): void {
  const seen = new Set(rows.map((row) => `${row.ordinal} ${row.itemId}`));
  if (seen.size < rows.length)
    throw new StudioError('INPUT_INVALID', 'Two vectors were given for the same part of an item', { field: 'rows' });
}

export interface VectorWrite {
  collectionId: string;
  shape: CollectionShape;
  rows: readonly VectorRow[];
}

/**
 * Replaces the parts of the given items, in one transaction. Unknown items are left out. An item that already
 * has vectors of its current content keeps them when the given ones are of older content: a slow writer loses.
 */
export async function putVectors(connection: Connection, { collectionId, shape, rows }: VectorWrite): Promise<void> {
  const table = vectorTable(collectionId);
  requireDistinct(rows);
  const vectors = rows.map((row) => toVectorBytes(row.vector, shape.dims));
  const ids = rows.map((row) => row.itemId);
  const parts = new Map<string, number>();
  for (const id of ids) parts.set(id, (parts.get(id) ?? 0) + 1);
  await connection.transaction(async (client) => {
    await client.query('SELECT 1 FROM items WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE', [ids]);
    const open = await client.query<{ item_no: number; id: string; type: number }>(
      `SELECT i.item_no, i.id, 'vector'::regtype::oid AS type FROM items i
        WHERE i.id = ANY($1::text[]) AND (
          (i.id, i.content_hash) IN (SELECT * FROM unnest($1::text[], $2::text[]))
          OR NOT EXISTS (SELECT 1 FROM ${table} v WHERE v.item_no = i.item_no AND v.content_hash = i.content_hash))`,
      [ids, rows.map((row) => row.contentHash)],
    );
    const [first] = open.rows;
    if (first === undefined) return;
    const numbers = open.rows.map((row) => row.item_no);
    await client.query(`DELETE FROM ${table} WHERE item_no = ANY($1::int[])`, [numbers]);
    await client.query(
      `INSERT INTO ${table} (item_no, ordinal, content_hash, embedding)
       SELECT n.item_no, g.ordinal, g.content_hash, g.embedding
         FROM unnest($1::text[], $2::int[], $3::text[], $4::vector[]) AS g (id, ordinal, content_hash, embedding)
         JOIN unnest($5::text[], $6::int[]) AS n (id, item_no) ON n.id = g.id
        ORDER BY n.item_no, g.ordinal`,
      [
        ids,
        rows.map((row) => row.ordinal),
        rows.map((row) => row.contentHash),
        toVectorArrayBytes(vectors, first.type),
        open.rows.map((row) => row.id),
        numbers,
      ],
    );
    const most = Math.max(...parts.values());
    if (most > shape.partsMax)
      await client.query('UPDATE collections SET parts_max = $2 WHERE id = $1 AND parts_max < $2', [
        collectionId,
        most,
      ]);
  });
}

export async function deleteVectors(
  connection: Connection,
  target: { collectionId: string; itemIds: readonly string[] },
): Promise<void> {
  await connection.query(
    `DELETE FROM ${vectorTable(target.collectionId)} v USING items i WHERE i.item_no = v.item_no AND i.id = ANY($1::text[])`,
    [target.itemIds],
  );
}

export async function getVectors(
  connection: Connection,
  target: { collectionId: string; itemIds: readonly string[] },
): Promise<VectorRow[]> {
  const rows = await connection.query<{ id: string; ordinal: number; content_hash: string; embedding: string }>(
    `SELECT i.id, v.ordinal, v.content_hash, v.embedding::text AS embedding
       FROM items i JOIN ${vectorTable(target.collectionId)} v ON v.item_no = i.item_no
      WHERE i.id = ANY($1::text[]) ORDER BY i.id, v.ordinal`,
    [target.itemIds],
  );
  return rows.map((row) => ({
    itemId: row.id,
    ordinal: row.ordinal,
    contentHash: row.content_hash,
    vector: Float32Array.from(fromSql(row.embedding) as number[]),
  }));
}

const fresh = (table: string): string =>
  `EXISTS (SELECT 1 FROM ${table} v WHERE v.item_no = i.item_no AND v.content_hash = i.content_hash)`;

export async function listStaleItems(
  connection: Connection,
  page: { collectionId: string; after: string | null; limit: number },
): Promise<ItemRecord[]> {
  const rows = await connection.query<StoredItem & Record<string, unknown>>(
    `SELECT i.id, i.title, i.body, i.payload, i.content_hash AS "contentHash", i.parts, i.image FROM items i
      WHERE i.id > $1 AND NOT ${fresh(vectorTable(page.collectionId))} ORDER BY i.id LIMIT $2`,
    [page.after ?? '', page.limit],
  );
  return rows.map(toRecord);
}

export async function countVectors(
  connection: Connection,
  collectionId: string,
): Promise<{ items: number; parts: number; stale: number }> {
  const table = vectorTable(collectionId);
  const [row] = await connection.query<{ items: number; parts: number; stale: number }>(
    `SELECT count(DISTINCT item_no)::int AS items, count(*)::int AS parts,
            (SELECT count(*)::int FROM items i WHERE NOT ${fresh(table)}) AS stale FROM ${table}`,
  );
  return row ?? { items: 0, parts: 0, stale: 0 };
}
