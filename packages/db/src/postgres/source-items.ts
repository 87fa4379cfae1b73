import type { DataSourceStore } from '@embedding-studio/contracts';
import type { Connection } from './connection.ts';

type SeenMethods = Pick<DataSourceStore, 'recordSeen' | 'forgetSeen' | 'countVanished' | 'listVanished'>;

/** Items of this source alone that still are there. */
const own = `FROM source_items s JOIN items i ON i.id = s.item_id
  WHERE s.source_id = $1
    AND NOT EXISTS (SELECT 1 FROM source_items o WHERE o.item_id = s.item_id AND o.source_id <> s.source_id)`;

export function createSourceItems(connection: Connection): SeenMethods {
  return {
    async recordSeen(sourceId, { taskId, itemIds }) {
      if (itemIds.length === 0) return;
      await connection.query(
        `INSERT INTO source_items (source_id, item_id, task_id)
         SELECT DISTINCT $1, id, $3 FROM unnest($2::text[]) AS id
         ON CONFLICT (source_id, item_id) DO UPDATE SET task_id = excluded.task_id`,
        [sourceId, itemIds, taskId],
      );
    },
    async forgetSeen(sourceId, itemIds) {
      if (itemIds.length === 0) return;
      await connection.query('DELETE FROM source_items WHERE source_id = $1 AND item_id = ANY($2::text[])', [
        sourceId,
        itemIds,
      ]);
    },
    async countVanished(sourceId, taskId) {
      const [row] = await connection.query<{ known: number; vanished: number }>(
        `SELECT count(*)::int AS known, count(*) FILTER (WHERE s.task_id <> $2)::int AS vanished ${own}`,
        [sourceId, taskId],
      );
      return row ?? { known: 0, vanished: 0 };
    },
    async listVanished(sourceId, taskId, limit) {
      const rows = await connection.query<{ id: string }>(
        `SELECT s.item_id AS id ${own} AND s.task_id <> $2 ORDER BY s.item_id LIMIT $3`,
        [sourceId, taskId, limit],
      );
      return rows.map(({ id }) => id);
    },
  };
}
