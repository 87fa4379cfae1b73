import type { ImprovementStore, UserCentroid } from '@embedding-studio/contracts';
import type { Connection } from '../connection.ts';
import { carryOver } from './carry-over.ts';
import {
  eraseUser,
  findQueryMean,
  listEvidence,
  listEvidenceSessions,
  listUnknownQueries,
  listWanted,
  prune,
  putEvidence,
} from './improvement-evidence.ts';
import { countDeltas, findDelta, findMean, listOldDeltas, OverlayMemory, putDeltas } from './improvement-overlay.ts';
import { findState, updateState } from './improvement-state.ts';
import { fromVectorText, toVectorText } from './vector-text.ts';

/** What belongs to a collection and goes with it. */
export const improvementTables = [
  'user_centroids',
  'item_deltas',
  'improvement_evidence',
  'improvement_queries',
  'improvement_state',
] as const;

async function putCentroids(
  connection: Connection,
  collectionId: string,
  user: { userKey: string; centroids: readonly UserCentroid[] },
): Promise<void> {
  const { userKey, centroids } = user;
  await connection.transaction(async (client) => {
    await client.query('DELETE FROM user_centroids WHERE collection_id = $1 AND user_key = $2', [
      collectionId,
      userKey,
    ]);
    await client.query(
      `INSERT INTO user_centroids (collection_id, user_key, place, embedding, weight)
       SELECT $1, $2, c.place, c.embedding::vector, c.weight
         FROM unnest($3::text[], $4::real[]) WITH ORDINALITY AS c (embedding, weight, place)
       ON CONFLICT (collection_id, user_key, place) DO UPDATE SET embedding = excluded.embedding, weight = excluded.weight`,
      [
        ...[collectionId, userKey, centroids.map(({ vector }) => toVectorText(vector))],
        centroids.map(({ weight }) => weight),
      ],
    );
  });
}

async function findCentroids(connection: Connection, collectionId: string, userKey: string): Promise<UserCentroid[]> {
  const rows = await connection.query<{ embedding: string; weight: number }>(
    `SELECT embedding::text, weight FROM user_centroids WHERE collection_id = $1 AND user_key = $2 ORDER BY place`,
    [collectionId, userKey],
  );
  return rows.map(({ embedding, weight }) => ({ vector: fromVectorText(embedding), weight }));
}

export function createImprovementStore(connection: Connection): ImprovementStore {
  const memory = new OverlayMemory(connection);
  return {
    findState: (collectionId) => findState(connection, collectionId),
    async updateState(collectionId, change) {
      const state = await updateState(connection, collectionId, change);
      memory.forget(collectionId);
      return state;
    },
    recallOverlay: (collectionId) => memory.recall(collectionId),
    putEvidence: (collectionId, evidence, queries) => putEvidence(connection, collectionId, { evidence, queries }),
    listUnknownQueries: (collectionId, queryKeys) => listUnknownQueries(connection, collectionId, queryKeys),
    listEvidence: (collectionId, itemIds, perItem) => listEvidence(connection, collectionId, { itemIds, perItem }),
    listEvidenceSessions: (collectionId, page) => listEvidenceSessions(connection, collectionId, page),
    carryOver: (move) => carryOver(connection, move),
    listWanted: (collectionId, userKey, limit) => listWanted(connection, collectionId, { userKey, limit }),
    findQueryMean: (collectionId) => findQueryMean(connection, collectionId),
    findMean: (collectionId) => findMean(connection, collectionId),
    async putDeltas(collectionId, rows) {
      const state = await putDeltas(connection, collectionId, rows);
      memory.forget(collectionId);
      return state;
    },
    findDelta: (collectionId, itemId, version) => findDelta(connection, collectionId, { itemId, version }),
    countDeltas: (collectionId) => countDeltas(connection, collectionId),
    listOldDeltas: (collectionId, madeBefore, limit) => listOldDeltas(connection, collectionId, { madeBefore, limit }),
    putCentroids: (collectionId, userKey, centroids) => putCentroids(connection, collectionId, { userKey, centroids }),
    findCentroids: (collectionId, userKey) => findCentroids(connection, collectionId, userKey),
    prune: (collectionId, before) => prune(connection, collectionId, before),
    eraseUser: (userKey) => eraseUser(connection, userKey),
  };
}
