import { type ModelRecord, ModelStatus, type ModelStore, StudioError } from '@embedding-studio/contracts';
import { desc, eq, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Connection } from './connection.ts';
import { models } from './schema.ts';

function toModel(row: typeof models.$inferSelect): ModelRecord {
  return { ...row, status: ModelStatus.parse(row.status) };
}

function modelMissing(id: string): StudioError {
  return new StudioError('MODEL_NOT_FOUND', `No model ${id}`, { field: 'modelId' });
}

async function getModel(db: NodePgDatabase, id: string): Promise<ModelRecord> {
  const [row] = await db.select().from(models).where(eq(models.id, id));
  if (row === undefined) throw modelMissing(id);
  return toModel(row);
}

export function createModelStore(connection: Connection): ModelStore {
  const db = drizzle(connection.pool);
  return {
    createModel: (model) =>
      connection.guard(async () => {
        await db.insert(models).values(model).onConflictDoNothing({ target: models.id });
        return getModel(db, model.id);
      }),
    getModel: (id) => connection.guard(() => getModel(db, id)),
    /** The newest of that name. */
    findModelByName: (name) =>
      connection.guard(async () => {
        const [row] = await db
          .select()
          .from(models)
          .where(eq(models.name, name))
          .orderBy(desc(models.createdAt), desc(models.id))
          .limit(1);
        return row === undefined ? null : toModel(row);
      }),
    /** Newest first. */
    listModels: ({ after, limit }) =>
      connection.guard(async () => {
        const before = sql`(${models.createdAt}, ${models.id}) <
          (SELECT m.created_at, m.id FROM models m WHERE m.id = ${after})`;
        const rows = await db
          .select()
          .from(models)
          .where(after === null ? undefined : before)
          .orderBy(desc(models.createdAt), desc(models.id))
          .limit(limit);
        return rows.map(toModel);
      }),
    updateModelStatus: (id, status) =>
      connection.guard(async () => {
        const changed = await db.update(models).set({ status }).where(eq(models.id, id)).returning({ id: models.id });
        if (changed.length === 0) throw modelMissing(id);
      }),
    updateModelManifest: (id, manifest) =>
      connection.guard(async () => {
        const changed = await db.update(models).set({ manifest }).where(eq(models.id, id)).returning({ id: models.id });
        if (changed.length === 0) throw modelMissing(id);
      }),
  };
}
