import { type CollectionCheckRecord, type CollectionCheckStore, StudioError } from '@embedding-studio/contracts';
import type { Connection } from './connection.ts';

const columns = `id, collection_id AS "collectionId", actor, at, report AS "check"`;

export function createCollectionCheckStore(connection: Connection): CollectionCheckStore {
  return {
    async putCheck({ id, collectionId, actor, check }) {
      const [row] = await connection.query<CollectionCheckRecord>(
        `INSERT INTO collection_checks (id, collection_id, actor, report) VALUES ($1, $2, $3, $4::jsonb)
         RETURNING ${columns}`,
        [id, collectionId, actor, JSON.stringify(check)],
      );
      if (row === undefined) throw new StudioError('INTERNAL', `Check ${id} was not stored.`);
      return row;
    },
    listChecks: ({ collectionId, before, limit }) =>
      connection.query<CollectionCheckRecord>(
        `SELECT ${columns} FROM collection_checks
          WHERE collection_id = $1
            AND ($2::text IS NULL OR (at, id) < (SELECT b.at, b.id FROM collection_checks b WHERE b.id = $2))
          ORDER BY at DESC, id DESC LIMIT $3`,
        [collectionId, before, limit],
      ),
  };
}
