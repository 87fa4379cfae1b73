import type { Connection } from '../connection.ts';
import { requireCollectionId } from '../vector-table.ts';

/** Only what users with a name wanted comes along: interests are learned from it anew; nobody else's clicks count twice. */
const evidence = `
  INSERT INTO improvement_evidence (collection_id, item_id, session_id, user_key, is_anonymous, query_key, weight, at)
  SELECT $2, item_id, session_id, user_key, is_anonymous, query_key, weight, at FROM improvement_evidence
   WHERE collection_id = $1 AND NOT is_anonymous AND weight > 0 AND at < $3 ON CONFLICT DO NOTHING`;
const queries = `
  INSERT INTO improvement_queries (collection_id, query_key, embedding)
  SELECT $2, query_key, embedding FROM improvement_queries q
   WHERE collection_id = $1 AND EXISTS (
     SELECT 1 FROM improvement_evidence e WHERE e.collection_id = $2 AND e.query_key = q.query_key)
  ON CONFLICT DO NOTHING`;
const centroids = `
  INSERT INTO user_centroids (collection_id, user_key, place, embedding, weight)
  SELECT $2, user_key, place, embedding, weight FROM user_centroids WHERE collection_id = $1 ON CONFLICT DO NOTHING`;

export async function carryOver(
  connection: Connection,
  { from, to, learnFrom }: { from: string; to: string; learnFrom: Date },
): Promise<void> {
  for (const id of [from, to]) requireCollectionId(id);
  const pair = [from, to];
  await connection.transaction(async (client) => {
    const { rowCount } = await client.query(
      `INSERT INTO improvement_state (collection_id, is_on, learn_from)
       SELECT $2, is_on, $3 FROM improvement_state WHERE collection_id = $1 ON CONFLICT DO NOTHING`,
      [...pair, learnFrom],
    );
    if (rowCount === 0) return;
    await client.query(evidence, [...pair, learnFrom]);
    await client.query(queries, pair);
    await client.query(centroids, pair);
  });
}
