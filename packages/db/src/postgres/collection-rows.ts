import { type Collection, CollectionStatus, QueryAdapterRef, StudioError } from '@embedding-studio/contracts';
import { and, asc, desc, eq, ne, notInArray, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { z } from 'zod';
import type { Connection } from './connection.ts';
import { collections } from './schema.ts';
import { requireCollectionId } from './vector-table.ts';

export type CollectionRow = typeof collections.$inferSelect;

/** What a search must know about a collection; read once in a while, not at every search. */
export interface CollectionShape {
  dims: number;
  partsMax: number;
}

const shapeLifeMs = 5_000;

export function toCollection(row: CollectionRow): Collection {
  return {
    id: row.id,
    modelId: row.modelId,
    dims: row.dims,
    status: CollectionStatus.parse(row.status),
    ranking: row.ranking,
    searchPlugins: row.searchPlugins,
    queryAdapters: z.array(QueryAdapterRef).parse(row.queryAdapters),
    partsMax: row.partsMax,
    createdAt: row.createdAt,
  };
}

export function collectionMissing(id: string): StudioError {
  return new StudioError('COLLECTION_NOT_FOUND', `No collection ${id}`, { field: 'collectionId' });
}

/** Rows of the collections table. */
export class CollectionRows {
  private readonly db: NodePgDatabase;
  private readonly shapes = new Map<string, { shape: CollectionShape; readAt: number }>();

  constructor(private readonly connection: Connection) {
    this.db = drizzle(connection.pool);
  }

  async get(id: string): Promise<Collection> {
    return toCollection(await this.getRow(id));
  }

  private async getRow(id: string): Promise<CollectionRow> {
    requireCollectionId(id);
    const [row] = await this.connection.guard(() => this.db.select().from(collections).where(eq(collections.id, id)));
    if (row === undefined) throw collectionMissing(id);
    return row;
  }

  /** Newest first; `after` is the id of the last row seen. */
  async list({ after, limit }: { after: string | null; limit: number }): Promise<Collection[]> {
    const before = sql`(${collections.createdAt}, ${collections.id}) <
      (SELECT c.created_at, c.id FROM collections c WHERE c.id = ${after})`;
    const rows = await this.connection.guard(() =>
      this.db
        .select()
        .from(collections)
        .where(after === null ? undefined : before)
        .orderBy(desc(collections.createdAt), desc(collections.id))
        .limit(limit),
    );
    return rows.map(toCollection);
  }

  async update(
    id: string,
    change: Partial<Pick<Collection, 'status' | 'ranking' | 'searchPlugins' | 'queryAdapters'>>,
  ): Promise<Collection> {
    requireCollectionId(id);
    const { status, ranking, searchPlugins, queryAdapters } = change;
    if ([status, ranking, searchPlugins, queryAdapters].every((value) => value === undefined)) return this.get(id);
    const [row] = await this.connection.guard(() =>
      this.db
        .update(collections)
        // What is undefined is left as it is.
        .set({ status, ranking, searchPlugins, queryAdapters })
        .where(and(eq(collections.id, id), status === 'ready' ? ne(collections.status, 'paused') : undefined))
        .returning(),
    );
    return row === undefined ? this.refuseUpdate(id) : toCollection(row);
  }

  private async refuseUpdate(id: string): Promise<never> {
    const { status } = await this.getRow(id);
    throw new StudioError('TASK_CONFLICT', `Collection ${id} is ${status}: it has missed writes.`, {
      field: 'collectionId',
    });
  }

  async listWriteTargets(): Promise<Collection[]> {
    const rows = await this.connection.guard(() =>
      this.db
        .select()
        .from(collections)
        // Live and previous are never retired or paused while they are named by the pointer, so this covers them.
        .where(notInArray(collections.status, ['paused', 'retired']))
        .orderBy(asc(collections.createdAt), asc(collections.id)),
    );
    return rows.map(toCollection);
  }

  async getShape(id: string): Promise<CollectionShape> {
    const known = this.shapes.get(id);
    if (known !== undefined && performance.now() - known.readAt < shapeLifeMs) return known.shape;
    const { dims, partsMax } = await this.getRow(id);
    const shape = { dims, partsMax };
    this.shapes.set(id, { shape, readAt: performance.now() });
    return shape;
  }

  forget(id: string): void {
    this.shapes.delete(id);
  }
}
