import { type SavedView, type SavedViewStore, StudioError } from '@embedding-studio/contracts';
import type { Connection } from './connection.ts';
import { isUniqueViolation } from './postgres-errors.ts';

const columns = `id, page, name, search, is_shared AS "isShared", owner,
  created_at AS "createdAt", updated_at AS "updatedAt"`;

function only(rows: SavedView[], id: string): SavedView {
  const [row] = rows;
  if (row !== undefined) return row;
  throw new StudioError('INPUT_INVALID', `There is no saved view ${JSON.stringify(id).slice(0, 80)}.`, {
    field: 'viewId',
  });
}

export function createSavedViewStore(connection: Connection): SavedViewStore {
  return {
    async putView({ id, page, name, search, isShared, owner }) {
      const rows = await connection.query<SavedView>(
        `INSERT INTO saved_views (id, page, name, search, is_shared, owner) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (owner, page, name)
         DO UPDATE SET search = EXCLUDED.search, is_shared = EXCLUDED.is_shared, updated_at = now()
         RETURNING ${columns}`,
        [id, page, name, search, isShared, owner],
      );
      return only(rows, id);
    },
    async findView(id) {
      const rows = await connection.query<SavedView>(`SELECT ${columns} FROM saved_views WHERE id = $1`, [id]);
      return rows[0] ?? null;
    },
    updateView: (id, { name, search, isShared }) =>
      connection.guard(async () => {
        try {
          const { rows } = await connection.pool.query<SavedView>(
            `UPDATE saved_views SET name = coalesce($2, name), search = coalesce($3, search),
                    is_shared = coalesce($4, is_shared), updated_at = now()
              WHERE id = $1 RETURNING ${columns}`,
            [id, name ?? null, search ?? null, isShared ?? null],
          );
          return only(rows, id);
        } catch (error) {
          if (!isUniqueViolation(error)) throw error;
          throw new StudioError('INPUT_INVALID', `There is another view named ${name} on this page.`, {
            field: 'name',
            cause: error,
          });
        }
      }),
    async deleteView(id) {
      await connection.query('DELETE FROM saved_views WHERE id = $1', [id]);
    },
    listViews: ({ page, owner, limit }) =>
      connection.query<SavedView>(
        `SELECT ${columns} FROM saved_views WHERE page = $1 AND (owner = $2 OR is_shared)
          ORDER BY (owner = $2) DESC, lower(name), id LIMIT $3`,
        [page, owner, limit],
      ),
  };
}
