import type { HitItem, ItemRecord, ItemStore, RankerItem } from '@embedding-studio/contracts';
import { asc, gt, inArray } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Connection } from './connection.ts';
import { toRecord } from './item-record.ts';
import { countItems, searchItems } from './item-search.ts';
import { addWords, lockItemWrites, removeUnusedWords, removeWords } from './lexical-index.ts';
import { readNew } from './replicas/reads.ts';
import { items } from './schema.ts';
import { requireStorableText, toStorableJson } from './storable-text.ts';

interface StoredRow {
  id: string;
  item_no: number;
  content_hash: string;
}

/** What is written, column by column, so that a call is a handful of statements whatever its length. */
interface ItemColumns {
  ids: string[];
  titles: string[];
  bodies: string[];
  payloads: string[];
  hashes: string[];
  parts: string[];
  images: (string | null)[];
}

function toColumns(records: readonly ItemRecord[]): ItemColumns {
  records.forEach((record, i) => {
    requireStorableText(record.id, `items.${i}.id`);
    requireStorableText(record.title, `items.${i}.title`);
    requireStorableText(record.body, `items.${i}.body`);
  });
  return {
    ids: records.map((record) => record.id),
    titles: records.map((record) => record.title),
    bodies: records.map((record) => record.body),
    payloads: records.map((record, i) => toStorableJson(record.payload, `items.${i}.payload`)),
    hashes: records.map((record) => record.contentHash),
    parts: records.map((record, i) => toStorableJson(record.parts, `items.${i}.parts`)),
    images: records.map((record) => record.image ?? null),
  };
}

function toArguments(columns: ItemColumns): unknown[] {
  const { ids, titles, bodies, payloads, hashes, parts, images } = columns;
  return [ids, titles, bodies, payloads, hashes, parts, images];
}

/** The last record of an id wins, as if they had been written one after the other. */
function dropRepeated(records: readonly ItemRecord[]): ItemRecord[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}

const given = `unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
  $7::text[]) AS g (id, title, body, payload, content_hash, parts, image)`;

/** Writes all rows; returns the numbers of the new ones. */
async function writeRows(client: pg.PoolClient, columns: ItemColumns): Promise<number[]> {
  await client.query(
    `UPDATE items SET title = g.title, body = g.body, payload = g.payload::jsonb, content_hash = g.content_hash,
            parts = g.parts::jsonb, image = g.image, updated_at = now()
       FROM ${given} WHERE items.id = g.id`,
    toArguments(columns),
  );
  const inserted = await client.query<{ item_no: number }>(
    `INSERT INTO items (id, title, body, payload, content_hash, parts, image)
     SELECT g.id, g.title, g.body, g.payload::jsonb, g.content_hash, g.parts::jsonb, g.image FROM ${given}
      WHERE NOT EXISTS (SELECT 1 FROM items i WHERE i.id = g.id) ORDER BY g.id COLLATE "C"
     RETURNING item_no`,
    toArguments(columns),
  );
  return inserted.rows.map((row) => row.item_no);
}

async function lockRows(client: pg.PoolClient, ids: readonly string[]): Promise<StoredRow[]> {
  const locked = await client.query<StoredRow>(
    'SELECT id, item_no, content_hash FROM items WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE',
    [ids],
  );
  return locked.rows;
}

/** The rows of these ids as they are before the writing, and whether their payload is about to change. */
async function lockGiven(
  client: pg.PoolClient,
  { ids, payloads }: ItemColumns,
): Promise<(StoredRow & { has_new_payload: boolean })[]> {
  const locked = await client.query<StoredRow & { has_new_payload: boolean }>(
    `SELECT i.id, i.item_no, i.content_hash, i.payload <> g.payload::jsonb AS has_new_payload
       FROM items i JOIN unnest($1::text[], $2::text[]) AS g (id, payload) ON i.id = g.id
      ORDER BY i.id FOR NO KEY UPDATE OF i`,
    [ids, payloads],
  );
  return locked.rows;
}

async function upsert(client: pg.PoolClient, records: readonly ItemRecord[]): Promise<string[]> {
  const columns = toColumns(records);
  await lockItemWrites(client);
  const stored = new Map((await lockGiven(client, columns)).map((row) => [row.id, row]));
  const changed = records.filter((record) => stored.get(record.id)?.content_hash !== record.contentHash);
  const rewritten = changed.flatMap((record) => stored.get(record.id)?.item_no ?? []);
  await removeWords(client, rewritten);
  const inserted = await writeRows(client, columns);
  await addWords(client, [...rewritten, ...inserted]);
  if (rewritten.length > 0) await removeUnusedWords(client);
  const news = new Set(changed);
  return records
    .filter((record) => news.has(record) || stored.get(record.id)?.has_new_payload === true)
    .map(({ id }) => id);
}

async function remove(client: pg.PoolClient, ids: readonly string[]): Promise<number> {
  await lockItemWrites(client);
  const numbers = (await lockRows(client, ids)).map((row) => row.item_no);
  if (numbers.length === 0) return 0;
  await removeWords(client, numbers);
  await removeUnusedWords(client);
  await client.query('DELETE FROM items WHERE item_no = ANY($1::int[])', [numbers]);
  return numbers.length;
}

const recordColumns = {
  id: items.id,
  title: items.title,
  body: items.body,
  payload: items.payload,
  contentHash: items.contentHash,
  parts: items.parts,
  image: items.image,
};

const readHits = { text: 'SELECT id, title, payload FROM items WHERE id = ANY($1::text[])' };

const readRankerItems = {
  name: 'ranker_items',
  text: 'SELECT id, payload, created_at AS "createdAt" FROM items WHERE id = ANY($1::text[])',
};

function inOrderOf<T extends { id: string }>(ids: readonly string[], rows: readonly T[]): T[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export function createItemStore(connection: Connection): ItemStore {
  const db = drizzle(connection.pool);
  return {
    async upsertItems(given) {
      const records = dropRepeated(given);
      if (records.length === 0) return [];
      return connection.transaction((client) => upsert(client, records));
    },
    async deleteItems(ids) {
      if (ids.length === 0) return 0;
      return connection.transaction((client) => remove(client, ids));
    },
    async findItems(ids) {
      if (ids.length === 0) return [];
      const rows = await connection.guard(() =>
        db
          .select(recordColumns)
          .from(items)
          .where(inArray(items.id, [...ids])),
      );
      return inOrderOf(ids, rows.map(toRecord));
    },
    async findHits(ids) {
      if (ids.length === 0) return [];
      const statement = { ...readHits, values: [ids] };
      return inOrderOf(ids, await readNew(connection, (server) => server.search<HitItem>(statement, null)));
    },
    findRankerItems: (ids) =>
      readNew(connection, (server) => server.search<RankerItem>({ ...readRankerItems, values: [ids] }, null)),
    async findUsedImages(hashes) {
      if (hashes.length === 0) return [];
      const statement = 'SELECT DISTINCT image FROM items WHERE image = ANY($1::text[])';
      const rows = await connection.query<{ image: string }>(statement, [[...hashes]]);
      return rows.map(({ image }) => image);
    },
    async listItems({ after, limit }) {
      const rows = await connection.guard(() =>
        db
          .select(recordColumns)
          .from(items)
          .where(gt(items.id, after ?? ''))
          .orderBy(asc(items.id))
          .limit(limit),
      );
      return rows.map(toRecord);
    },
    countItems: (filter) => countItems(connection, filter),
    searchItems: (query) => searchItems(connection, query),
  };
}
