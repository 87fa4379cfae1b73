import type { ImprovementState, ImprovementStore } from '@embedding-studio/contracts';
import type { Connection } from '../connection.ts';
import { requireCollectionId } from '../vector-table.ts';

interface StateRow {
  isOn: boolean;
  isHeld: boolean;
  version: number;
  versionLast: number;
  learnFrom: Date;
  cursorAt: Date | null;
  cursorKey: string | null;
}

type Change = Parameters<ImprovementStore['updateState']>[1];

const columns = `is_on AS "isOn", is_held AS "isHeld", version, version_last AS "versionLast",
  learn_from AS "learnFrom", cursor_at AS "cursorAt", cursor_key AS "cursorKey"`;

export function toState(collectionId: string, { cursorAt, cursorKey, ...row }: StateRow): ImprovementState {
  const cursor = cursorAt === null ? null : { receivedAt: cursorAt, key: cursorKey ?? '' };
  return { collectionId, ...row, cursor };
}

export async function findState(connection: Connection, collectionId: string): Promise<ImprovementState | null> {
  requireCollectionId(collectionId);
  const text = `SELECT ${columns} FROM improvement_state WHERE collection_id = $1`;
  const [row] = await connection.query<StateRow>(text, [collectionId]);
  return row === undefined ? null : toState(collectionId, row);
}

export async function updateState(
  connection: Connection,
  collectionId: string,
  { isOn, isHeld, version, learnFrom, cursor }: Change,
): Promise<ImprovementState> {
  requireCollectionId(collectionId);
  const [row] = await connection.query<StateRow>(
    `INSERT INTO improvement_state AS s (collection_id, is_on, is_held, learn_from, cursor_at, cursor_key)
     VALUES ($1, coalesce($2, false), coalesce($3, false), coalesce($5, now()), $7, $8)
     ON CONFLICT (collection_id) DO UPDATE SET is_on = coalesce($2, s.is_on), is_held = coalesce($3, s.is_held),
       version = least(coalesce($4::int, s.version), s.version_last), learn_from = coalesce($5, s.learn_from),
       cursor_at = CASE WHEN $6 THEN $7 ELSE s.cursor_at END, cursor_key = CASE WHEN $6 THEN $8 ELSE s.cursor_key END
     RETURNING ${columns}`,
    [
      ...[collectionId, isOn ?? null, isHeld ?? null, version ?? null, learnFrom ?? null],
      ...[cursor !== undefined, cursor?.receivedAt ?? null, cursor?.key ?? null],
    ],
  );
  return toState(collectionId, row as StateRow);
}
