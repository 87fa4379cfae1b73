import { type LiveCollection, type LivePointer, StudioError } from '@embedding-studio/contracts';
import { type CollectionRow, collectionMissing, toCollection } from './collection-rows.ts';
import type { Connection } from './connection.ts';
import { revisionSql } from './live-revision.ts';
import { readNew } from './replicas/reads.ts';
import { requireCollectionId } from './vector-table.ts';

interface PointerRow {
  collection_id: string;
  previous_collection_id: string | null;
  version: number;
  switched_at: Date;
}

function toPointer(row: PointerRow): LivePointer {
  return {
    collectionId: row.collection_id,
    previousCollectionId: row.previous_collection_id,
    version: row.version,
    switchedAt: row.switched_at,
  };
}

const columns = 'collection_id, previous_collection_id, version, switched_at';
/** FOR SHARE waits for a retirement that is under way, and makes a later one wait and see the new pointer. */
const target = `WITH target AS (SELECT id FROM collections WHERE id = $1 AND status NOT IN ('paused', 'retired') FOR SHARE)`;

export async function findLive(connection: Connection): Promise<LivePointer | null> {
  const statement = `SELECT ${columns} FROM live_pointer`;
  const [row] = await readNew(connection, (server) => server.query<PointerRow>(statement));
  return row === undefined ? null : toPointer(row);
}

const readLive = {
  text: `SELECT p.collection_id, p.previous_collection_id, p.version, p.switched_at, c.id, c.model_id AS "modelId", c.dims,
                c.status, c.ranking, c.search_plugins AS "searchPlugins", c.query_adapters AS "queryAdapters", c.parts_max AS "partsMax", c.created_at AS "createdAt", ${revisionSql} AS revision
           FROM live_pointer p JOIN collections c ON c.id = p.collection_id`,
  values: [],
};

export async function findLiveCollection(connection: Connection): Promise<LiveCollection | null> {
  type Row = PointerRow & CollectionRow & { revision: string };
  const [row] = await readNew(connection, (server) => server.search<Row>(readLive, null));
  return row === undefined ? null : { pointer: toPointer(row), collection: toCollection(row), revision: row.revision };
}

export async function switchLive(
  connection: Connection,
  { expected, next }: { expected: string | null; next: string },
): Promise<LivePointer> {
  requireCollectionId(next);
  if (expected === next)
    throw new StudioError('INPUT_INVALID', 'The collection to switch to is already the expected one', {
      field: 'next',
    });
  const [row] =
    expected === null
      ? await connection.query<PointerRow>(
          `${target} INSERT INTO live_pointer (collection_id, version) SELECT id, 1 FROM target
           ON CONFLICT (singleton) DO NOTHING RETURNING ${columns}`,
          [next],
        )
      : await connection.query<PointerRow>(
          `${target} UPDATE live_pointer SET collection_id = target.id, previous_collection_id = live_pointer.collection_id,
                  version = version + 1, switched_at = now()
             FROM target WHERE live_pointer.collection_id = $2 RETURNING ${columns}`,
          [next, expected],
        );
  return row === undefined ? refuse(connection, expected, next) : toPointer(row);
}

/** Says why nothing was switched. */
async function refuse(connection: Connection, expected: string | null, next: string): Promise<never> {
  const [collection] = await connection.query<{ status: string }>('SELECT status FROM collections WHERE id = $1', [
    next,
  ]);
  if (collection === undefined) throw collectionMissing(next);
  if (collection.status === 'retired' || collection.status === 'paused')
    throw new StudioError('TASK_CONFLICT', `Collection ${next} is ${collection.status} and cannot serve`, {
      field: 'next',
    });
  const live = await findLive(connection);
  throw new StudioError(
    'LIVE_POINTER_MOVED',
    `Live is ${live?.collectionId ?? 'unset'}, not ${expected ?? 'unset'}: read it again and decide anew`,
  );
}
