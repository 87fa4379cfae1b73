import type { ImprovementStore, SessionEvidence, StoredEvidence } from '@embedding-studio/contracts';
import type { Connection } from '../connection.ts';
import { fromVectorText, toVectorText } from './vector-text.ts';

interface Touched {
  item_id: string;
  user_key: string;
  is_anonymous: boolean;
}

/** A session speaks once: what it said before is replaced, also when it says nothing any more. */
export async function putEvidence(
  connection: Connection,
  collectionId: string,
  given: { evidence: readonly SessionEvidence[]; queries: ReadonlyMap<string, Float32Array> },
): Promise<{ itemIds: string[]; userKeys: string[] }> {
  const { evidence, queries } = given;
  const rows = evidence.flatMap(({ items, ...session }) => items.map((item) => ({ ...session, ...item })));
  const removed = await connection.transaction(async (client) => {
    await client.query(
      `INSERT INTO improvement_queries (collection_id, query_key, embedding)
       SELECT $1, q.key, q.embedding::vector FROM unnest($2::text[], $3::text[]) AS q (key, embedding)
       ON CONFLICT DO NOTHING`,
      [collectionId, [...queries.keys()], [...queries.values()].map(toVectorText)],
    );
    const { rows: old } = await client.query<Touched>(
      `DELETE FROM improvement_evidence WHERE collection_id = $1 AND session_id = ANY($2)
       RETURNING item_id, user_key, is_anonymous`,
      [collectionId, evidence.map(({ sessionId }) => sessionId)],
    );
    await client.query(
      `INSERT INTO improvement_evidence
         (collection_id, item_id, session_id, user_key, is_anonymous, query_key, weight, at)
       SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bool[], $6::text[], $7::real[], $8::timestamptz[])
       ON CONFLICT (collection_id, item_id, session_id) DO UPDATE SET weight = excluded.weight, at = excluded.at`,
      [
        ...[collectionId, rows.map(({ itemId }) => itemId), rows.map(({ sessionId }) => sessionId)],
        ...[rows.map(({ userKey }) => userKey), rows.map(({ isAnonymous }) => isAnonymous)],
        ...[rows.map(({ queryKey }) => queryKey), rows.map(({ weight }) => weight), rows.map(({ at }) => at)],
      ],
    );
    return old;
  });
  const users = [
    ...rows.filter(({ isAnonymous }) => !isAnonymous).map(({ userKey }) => userKey),
    ...removed.filter((row) => !row.is_anonymous).map((row) => row.user_key),
  ];
  return {
    itemIds: [...new Set([...rows.map(({ itemId }) => itemId), ...removed.map((row) => row.item_id)])],
    userKeys: [...new Set(users)],
  };
}

export async function listUnknownQueries(
  connection: Connection,
  collectionId: string,
  queryKeys: readonly string[],
): Promise<string[]> {
  const rows = await connection.query<{ key: string }>(
    `SELECT k.key FROM unnest($2::text[]) AS k (key)
      WHERE NOT EXISTS (SELECT 1 FROM improvement_queries q WHERE q.collection_id = $1 AND q.query_key = k.key)`,
    [collectionId, queryKeys],
  );
  return rows.map(({ key }) => key);
}

const queriesOfMean = 2_000;

export async function findQueryMean(
  connection: Connection,
  collectionId: string,
): ReturnType<ImprovementStore['findQueryMean']> {
  const [row] = await connection.query<{ mean: string | null; queries: number }>(
    `SELECT avg(embedding)::text AS mean, count(*)::int AS queries FROM (
       SELECT embedding FROM improvement_queries WHERE collection_id = $1 ORDER BY query_key LIMIT ${queriesOfMean}) q`,
    [collectionId],
  );
  return row === undefined || row.mean === null ? null : { mean: fromVectorText(row.mean), queries: row.queries };
}

/** What a fold put into the vectors must not count again. */
const isNew = (evidence: string) =>
  `${evidence}.at >= (SELECT learn_from FROM improvement_state WHERE collection_id = $1)`;

export async function listEvidenceSessions(
  connection: Connection,
  collectionId: string,
  { before, limit }: { before: Date; limit: number },
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    `SELECT session_id AS id FROM improvement_evidence x
      WHERE collection_id = $1 AND at < $2 AND ${isNew('x')}
      GROUP BY session_id ORDER BY max(at) DESC, session_id LIMIT $3`,
    [collectionId, before, limit],
  );
  return rows.map(({ id }) => id);
}

export async function listEvidence(
  connection: Connection,
  collectionId: string,
  page: { itemIds: readonly string[]; perItem: number },
): Promise<StoredEvidence[]> {
  const rows = await connection.query<Omit<StoredEvidence, 'query'> & { queryKey: string }>(
    `SELECT i.id AS "itemId", e.session_id AS "sessionId", e.user_key AS "userKey", e.query_key AS "queryKey",
            e.weight, e.at
       FROM unnest($2::text[]) AS i (id) CROSS JOIN LATERAL (
            SELECT * FROM improvement_evidence x WHERE x.collection_id = $1 AND x.item_id = i.id AND ${isNew('x')}
             ORDER BY x.at DESC LIMIT $3) e`,
    [collectionId, page.itemIds, page.perItem],
  );
  const keys = [...new Set(rows.map(({ queryKey }) => queryKey))];
  const found = await connection.query<{ key: string; embedding: string }>(
    `SELECT query_key AS key, embedding::text FROM improvement_queries WHERE collection_id = $1 AND query_key = ANY($2)`,
    [collectionId, keys],
  );
  const vectors = new Map(found.map(({ key, embedding }) => [key, fromVectorText(embedding)]));
  return rows.flatMap(({ queryKey, ...row }) => {
    const query = vectors.get(queryKey);
    return query === undefined ? [] : [{ ...row, query }];
  });
}

export async function listWanted(
  connection: Connection,
  collectionId: string,
  page: { userKey: string; limit: number },
): ReturnType<ImprovementStore['listWanted']> {
  const rows = await connection.query<{ itemId: string; weight: number; at: Date }>(
    `SELECT item_id AS "itemId", weight, at FROM improvement_evidence
      WHERE user_key = $2 AND collection_id = $1 AND weight > 0 AND NOT is_anonymous
      ORDER BY at DESC, session_id DESC, item_id LIMIT $3`,
    [collectionId, page.userKey, page.limit],
  );
  return rows.reverse();
}

export async function prune(
  connection: Connection,
  collectionId: string,
  before: { evidence: Date; versions: Date },
): Promise<void> {
  await connection.query('DELETE FROM improvement_evidence WHERE collection_id = $1 AND at < $2', [
    collectionId,
    before.evidence,
  ]);
  await connection.query(
    `DELETE FROM improvement_queries q WHERE collection_id = $1 AND NOT EXISTS (
       SELECT 1 FROM improvement_evidence e WHERE e.collection_id = q.collection_id AND e.query_key = q.query_key)`,
    [collectionId],
  );
  await connection.query(
    `DELETE FROM item_deltas d USING improvement_state s
      WHERE d.collection_id = $1 AND s.collection_id = $1 AND d.made_at < $2
        AND EXISTS (SELECT 1 FROM item_deltas n WHERE n.collection_id = $1 AND n.item_id = d.item_id
                       AND n.version > d.version AND n.version <= s.version AND n.made_at < $2)`,
    [collectionId, before.versions],
  );
}

export async function eraseUser(
  connection: Connection,
  userKey: string,
): Promise<{ collectionId: string; itemIds: string[] }[]> {
  return connection.transaction(async (client) => {
    await client.query('DELETE FROM user_centroids WHERE user_key = $1', [userKey]);
    const { rows } = await client.query<{ collectionId: string; itemIds: string[] }>(
      `WITH gone AS (DELETE FROM improvement_evidence WHERE user_key = $1 AND NOT is_anonymous
                     RETURNING collection_id, item_id)
       SELECT collection_id AS "collectionId", json_agg(DISTINCT item_id) AS "itemIds" FROM gone GROUP BY collection_id`,
      [userKey],
    );
    // What their clicks had a part in goes as well, in every version; the items are learned anew from the rest.
    for (const { collectionId, itemIds } of rows)
      await client.query('DELETE FROM item_deltas WHERE collection_id = $1 AND item_id = ANY($2)', [
        collectionId,
        itemIds,
      ]);
    return rows;
  });
}
