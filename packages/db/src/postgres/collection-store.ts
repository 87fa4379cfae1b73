import {
  type CollectionStore,
  type LiveCollection,
  newId,
  noSearchPlugins,
  StudioError,
} from '@embedding-studio/contracts';
import { findCandidates } from './candidate-search.ts';
import { CollectionRows, collectionMissing } from './collection-rows.ts';
import type { Connection } from './connection.ts';
import { FilterPlanner } from './filter-plan.ts';
import { findFreeBytes } from './free-bytes.ts';
import { buildHnswIndex, describeStorage, rebuildHnswIndex } from './hnsw-index.ts';
import { improvementTables } from './improvement/improvement-store.ts';
import { findAverages, findFresh } from './item-vectors.ts';
import { findLive, findLiveCollection, switchLive } from './live-pointer.ts';
import { createRevisionReader } from './live-revision.ts';
import { searchLive } from './live-search.ts';
import { countNear, findNearest, partsFor } from './nearest-search.ts';
import { countVectors, deleteVectors, getVectors, listStaleItems, putVectors } from './vector-rows.ts';
import { createVectorTableSql, requireCollectionId, vectorTable } from './vector-table.ts';

type CreateInput = Parameters<CollectionStore['createCollection']>[0];

/** Row and table appear together or not at all. */
async function createCollection(connection: Connection, input: CreateInput): Promise<string> {
  const id = newId('collection');
  const ddl = createVectorTableSql(id, input.dims);
  const plugins = input.searchPlugins ?? noSearchPlugins;
  await connection.transaction(async (client) => {
    await client.query(
      `INSERT INTO collections (id, model_id, dims, status, ranking, search_plugins)
       VALUES ($1, $2, $3, 'building', $4::jsonb, $5::jsonb)`,
      [id, input.modelId, input.dims, JSON.stringify(input.ranking), JSON.stringify(plugins)],
    );
    await client.query(ddl);
  });
  return id;
}

/** FOR UPDATE first, so that the pointer is read after any switch that was under way. */
async function pauseCollection(connection: Connection, id: string): Promise<boolean> {
  requireCollectionId(id);
  return connection.transaction(async (client) => {
    await client.query('SELECT 1 FROM collections WHERE id = $1 FOR UPDATE', [id]);
    const paused = await client.query(
      `UPDATE collections SET status = 'paused' WHERE id = $1 AND status IN ('building', 'ready')
          AND NOT EXISTS (SELECT 1 FROM live_pointer WHERE collection_id = $1 OR previous_collection_id = $1)`,
      [id],
    );
    return paused.rowCount === 1;
  });
}

/** The row stays as `retired`; FOR UPDATE first, so that the pointer is read after any switch that was under way. */
async function dropCollection(connection: Connection, id: string): Promise<void> {
  requireCollectionId(id);
  await connection.transaction(async (client) => {
    const row = await client.query('SELECT 1 FROM collections WHERE id = $1 FOR UPDATE', [id]);
    if (row.rowCount === 0) throw collectionMissing(id);
    const live = await client.query('SELECT 1 FROM live_pointer WHERE collection_id = $1', [id]);
    if (live.rowCount !== 0)
      throw new StudioError('TASK_CONFLICT', `Collection ${id} is live: switch to another one before it is dropped`, {
        field: 'collectionId',
      });
    await client.query(`UPDATE live_pointer SET previous_collection_id = NULL WHERE previous_collection_id = $1`, [id]);
    await client.query(`UPDATE collections SET status = 'retired' WHERE id = $1`, [id]);
    await client.query(`DROP TABLE IF EXISTS ${vectorTable(id)}`);
    for (const table of improvementTables) await client.query(`DELETE FROM ${table} WHERE collection_id = $1`, [id]);
  });
}

export function createCollectionStore(connection: Connection): CollectionStore {
  const rows = new CollectionRows(connection);
  const planner = new FilterPlanner(connection);
  const readRevision = connection.replicas ? createRevisionReader(connection) : undefined;
  let lastLive: LiveCollection | null = null;
  const readLive = async () => {
    lastLive = await findLiveCollection(connection);
    return lastLive;
  };
  return {
    createCollection: async (input) => rows.get(await createCollection(connection, input)),
    getCollection: (id) => rows.get(id),
    listCollections: (page) => rows.list(page),
    updateCollection: (id, change) => rows.update(id, change),
    listWriteTargets: () => rows.listWriteTargets(),
    async putVectors(collectionId, given) {
      if (given.length === 0) return;
      const shape = await rows.getShape(collectionId);
      await putVectors(connection, { collectionId, shape, rows: given });
      rows.forget(collectionId);
    },
    deleteVectors: (collectionId, itemIds) => deleteVectors(connection, { collectionId, itemIds }),
    getVectors: (collectionId, itemIds) => getVectors(connection, { collectionId, itemIds }),
    findFresh: (collectionId, items) => findFresh(connection, { collectionId, items }),
    findAverages: (collectionId, itemIds) => findAverages(connection, { collectionId, itemIds }),
    listStaleItems: (collectionId, page) => listStaleItems(connection, { collectionId, ...page }),
    countVectors: (collectionId) => countVectors(connection, collectionId),
    async buildIndex(collectionId, settings) {
      const { dims } = await rows.getShape(collectionId);
      await buildHnswIndex(connection, { collectionId, dims, ...settings });
    },
    async rebuildIndex(collectionId, settings) {
      const { dims } = await rows.getShape(collectionId);
      await rebuildHnswIndex(connection, { collectionId, dims, ...settings });
    },
    describeStorage: (collectionId) => describeStorage(connection, collectionId),
    pauseCollection: (id) => pauseCollection(connection, id),
    findFreeBytes: () => findFreeBytes(connection),
    async dropCollection(id) {
      await dropCollection(connection, id);
      rows.forget(id);
    },
    findNearest: async (query) => findNearest(connection, { query, shape: await rows.getShape(query.collectionId) }),
    async findCandidates(query) {
      const shape = await rows.getShape(query.collectionId);
      const isPlanned = query.filter !== undefined && query.vector !== null;
      const plan = isPlanned && query.filter ? await planner.plan(query.filter, partsFor(query.depth, shape)) : null;
      return findCandidates(connection, { query, shape, plan });
    },
    countNear: (query) => countNear(connection, query),
    findLive: () => findLive(connection),
    findLiveCollection: readLive,
    recallLiveCollection: async () => lastLive ?? readLive(),
    searchLive: (query) => searchLive(connection, { query, planner, readRevision }),
    switchLive: (input) => switchLive(connection, input),
  };
}
