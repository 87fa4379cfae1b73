import type {
  ImprovementState,
  ImprovementStore,
  ItemDeltaRow,
  Overlay,
  OverlayDelta,
} from '@embedding-studio/contracts';
import type { Connection } from '../connection.ts';
import { vectorTable } from '../vector-table.ts';
import { findState } from './improvement-state.ts';
import { fromVectorText, toVectorText } from './vector-text.ts';

/** An overlay is bounded: beyond it the deltas that rest on the most people are served. */
const overlayItemsMax = 20_000;
const recallMs = 1_000;

interface DeltaRow {
  itemId: string;
  version: number;
  keep: number;
  norm: number;
  shift: string | null;
}

function toDelta({ keep, norm, shift }: Pick<DeltaRow, 'keep' | 'norm' | 'shift'>): OverlayDelta | null {
  return shift === null ? null : { keep, norm, shift: fromVectorText(shift) };
}

/** Versions count up under the row lock of the state, so two tasks never write one version. */
export async function putDeltas(
  connection: Connection,
  collectionId: string,
  rows: readonly ItemDeltaRow[],
): Promise<ImprovementState> {
  await connection.transaction(async (client) => {
    const { rows: next } = await client.query<{ version: number }>(
      `UPDATE improvement_state SET version_last = version_last + 1,
              version = CASE WHEN is_held THEN version ELSE version_last + 1 END
        WHERE collection_id = $1 RETURNING version_last AS version`,
      [collectionId],
    );
    await client.query(
      `INSERT INTO item_deltas (collection_id, item_id, version, keep, norm, shift, provenance)
       SELECT $1, d.item_id, $2, d.keep, d.norm, d.shift::vector, d.provenance
         FROM unnest($3::text[], $4::real[], $5::real[], $6::text[], $7::jsonb[])
              AS d (item_id, keep, norm, shift, provenance)`,
      [
        ...[collectionId, next[0]?.version, rows.map(({ itemId }) => itemId)],
        ...[rows.map(({ delta }) => delta?.keep ?? 1), rows.map(({ delta }) => delta?.norm ?? 1)],
        rows.map(({ delta }) => (delta === null ? null : toVectorText(delta.shift))),
        rows.map(({ provenance }) => JSON.stringify(provenance)),
      ],
    );
  });
  return (await findState(connection, collectionId)) as ImprovementState;
}

export async function findDelta(
  connection: Connection,
  collectionId: string,
  wanted: { itemId: string; version: number },
): ReturnType<ImprovementStore['findDelta']> {
  const [row] = await connection.query<DeltaRow & { madeAt: Date; provenance: ItemDeltaRow['provenance'] }>(
    `SELECT item_id AS "itemId", version, keep, norm, shift::text, provenance, made_at AS "madeAt"
       FROM item_deltas WHERE collection_id = $1 AND item_id = $2 AND version <= $3 ORDER BY version DESC LIMIT 1`,
    [collectionId, wanted.itemId, wanted.version],
  );
  if (row === undefined) return null;
  const { itemId, version, provenance, madeAt } = row;
  return { itemId, version, provenance, madeAt, delta: toDelta(row) };
}

export async function listOldDeltas(
  connection: Connection,
  collectionId: string,
  page: { madeBefore: Date; limit: number },
): Promise<string[]> {
  const rows = await connection.query<{ itemId: string }>(
    `SELECT item_id AS "itemId" FROM (
       SELECT DISTINCT ON (item_id) item_id, made_at, shift IS NULL AS is_gone FROM item_deltas
        WHERE collection_id = $1 ORDER BY item_id, version DESC) newest
      WHERE NOT is_gone AND made_at < $2 LIMIT $3`,
    [collectionId, page.madeBefore, page.limit],
  );
  return rows.map(({ itemId }) => itemId);
}

export async function countDeltas(
  connection: Connection,
  collectionId: string,
): ReturnType<ImprovementStore['countDeltas']> {
  const [row] = await connection.query<{ items: number; users: number; evidence: number }>(
    `SELECT (SELECT count(*)::int FROM (
               SELECT DISTINCT ON (item_id) shift FROM item_deltas d JOIN improvement_state s USING (collection_id)
                WHERE d.collection_id = $1 AND d.version <= s.version ORDER BY item_id, d.version DESC) n
              WHERE shift IS NOT NULL) AS items,
            (SELECT count(DISTINCT user_key)::int FROM user_centroids WHERE collection_id = $1) AS users,
            (SELECT count(*)::int FROM improvement_evidence WHERE collection_id = $1) AS evidence`,
    [collectionId],
  );
  return row ?? { items: 0, users: 0, evidence: 0 };
}

export async function findMean(connection: Connection, collectionId: string): Promise<Float32Array | null> {
  const [row] = await connection.query<{ mean: string | null }>(
    `SELECT avg(embedding)::vector::text AS mean FROM (SELECT embedding FROM ${vectorTable(collectionId)} LIMIT 2000) v`,
  );
  return row === undefined || row.mean === null ? null : fromVectorText(row.mean);
}

interface Remembered {
  readAt: number;
  overlay: { version: number; deltas: Map<string, OverlayDelta> } | null;
}

/** The overlays that this process serves. Between two looks, about a second apart, a search asks nothing. */
export class OverlayMemory {
  private readonly known = new Map<string, Remembered>();
  private readonly reading = new Map<string, Promise<Overlay | null>>();

  constructor(private readonly connection: Connection) {}

  async recall(collectionId: string): Promise<Overlay | null> {
    const known = this.known.get(collectionId);
    if (known !== undefined && performance.now() - known.readAt < recallMs) return known.overlay;
    const underway = this.reading.get(collectionId) ?? this.read(collectionId, known?.overlay ?? null);
    this.reading.set(collectionId, underway);
    return underway.finally(() => this.reading.delete(collectionId));
  }

  forget(collectionId: string): void {
    this.known.delete(collectionId);
  }

  private async read(collectionId: string, old: Remembered['overlay']): Promise<Overlay | null> {
    const readAt = performance.now();
    const state = await findState(this.connection, collectionId);
    const overlay = state?.isOn === true ? await this.catchUp(state, old) : null;
    this.known.set(collectionId, { readAt, overlay });
    return overlay;
  }

  /** Only what is newer is read, unless the version went back. */
  private async catchUp(state: ImprovementState, old: Remembered['overlay']): Promise<Remembered['overlay']> {
    if (old !== null && old.version === state.version) return old;
    const base = old !== null && old.version < state.version ? old : { version: 0, deltas: new Map() };
    const rows = await this.connection.query<DeltaRow>(
      `SELECT "itemId", version, keep, norm, shift::text FROM (
         SELECT DISTINCT ON (item_id) item_id AS "itemId", version, keep, norm, shift, provenance FROM item_deltas
          WHERE collection_id = $1 AND version > $2 AND version <= $3 ORDER BY item_id, version DESC) newest
        ORDER BY (provenance ->> 'usersEffective')::float8 DESC LIMIT ${overlayItemsMax}`,
      [state.collectionId, base.version, state.version],
    );
    const deltas = new Map(base.deltas);
    for (const row of rows) {
      const delta = toDelta(row);
      if (delta === null) deltas.delete(row.itemId);
      else if (deltas.size < overlayItemsMax || deltas.has(row.itemId)) deltas.set(row.itemId, delta);
    }
    return { version: state.version, deltas };
  }
}
