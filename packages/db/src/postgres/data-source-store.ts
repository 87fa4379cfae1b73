import { type DataSourceRecord, type DataSourceStore, StudioError } from '@embedding-studio/contracts';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Connection } from './connection.ts';
import { dataSources } from './schema.ts';
import { createSourceItems } from './source-items.ts';

function missing(id: string): StudioError {
  return new StudioError('DATA_SOURCE_NOT_FOUND', `There is no data source ${JSON.stringify(id).slice(0, 80)}.`, {
    field: 'sourceId',
  });
}

function only(rows: DataSourceRecord[], id: string): DataSourceRecord {
  const [row] = rows;
  if (row === undefined) throw missing(id);
  return row;
}

export function createDataSourceStore(connection: Connection): DataSourceStore {
  const db = drizzle(connection.pool);
  const swap = (id: string, expected: ReturnType<typeof sql>, change: Partial<DataSourceRecord>) =>
    connection.guard(async () => {
      const moved = await db
        .update(dataSources)
        .set(change)
        .where(and(eq(dataSources.id, id), expected))
        .returning({ id: dataSources.id });
      return moved.length > 0;
    });
  return {
    ...createSourceItems(connection),
    createDataSource: (source) =>
      connection.guard(async () => only(await db.insert(dataSources).values(source).returning(), source.id)),
    getDataSource: (id) =>
      connection.guard(async () => only(await db.select().from(dataSources).where(eq(dataSources.id, id)), id)),
    listDataSources: ({ after, limit }) =>
      connection.guard(() =>
        db
          .select()
          .from(dataSources)
          .where(gt(dataSources.id, after ?? ''))
          .orderBy(asc(dataSources.id))
          .limit(limit),
      ),
    updateDataSource: (id, change) =>
      connection.guard(async () => {
        const set = { ...change, updatedAt: sql`now()` };
        return only(await db.update(dataSources).set(set).where(eq(dataSources.id, id)).returning(), id);
      }),
    deleteDataSource: (id) =>
      connection.guard(async () => {
        const gone = await db.delete(dataSources).where(eq(dataSources.id, id)).returning({ id: dataSources.id });
        return gone.length > 0;
      }),
    moveCursor: (id, { from, to }) => swap(id, sql`${dataSources.cursor} IS NOT DISTINCT FROM ${from}`, { cursor: to }),
    setLastTask: (id, { from, to }) =>
      swap(id, sql`${dataSources.lastTaskId} IS NOT DISTINCT FROM ${from}`, { lastTaskId: to }),
  };
}
