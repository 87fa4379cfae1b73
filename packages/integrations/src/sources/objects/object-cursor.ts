import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { SourceObject } from './object-source.ts';

/** The last record that was read. Files are read by time of change, then by name: changed ones come again, at the end. */
const ObjectCursor = z.object({
  modifiedMs: z.number(),
  key: z.string(),
  version: z.string(),
  /** Place of the record in its file, from 0. */
  row: z.number().int().min(0),
  /** It was the last one of its file. */
  isEnd: z.boolean(),
});
export type ObjectCursor = z.infer<typeof ObjectCursor>;

export function writeCursor({ modifiedMs, key, version, row, isEnd }: ObjectCursor): string {
  return JSON.stringify([modifiedMs, key, version, row, isEnd ? 1 : 0]);
}

/** @throws StudioError INPUT_INVALID when it is not a cursor of this loader */
export function readCursor(text: string): ObjectCursor {
  try {
    const [modifiedMs, key, version, row, isEnd] = JSON.parse(text) as unknown[];
    return ObjectCursor.parse({ modifiedMs, key, version, row, isEnd: isEnd === 1 });
  } catch (cause) {
    throw new StudioError('INPUT_INVALID', 'cursor: is not one of this loader; sync in full', {
      field: 'cursor',
      cause,
    });
  }
}

export function compareObjects(
  a: Pick<SourceObject, 'modifiedMs' | 'key'>,
  b: Pick<SourceObject, 'modifiedMs' | 'key'>,
): number {
  if (a.modifiedMs !== b.modifiedMs) return a.modifiedMs - b.modifiedMs;
  return a.key === b.key ? 0 : a.key < b.key ? -1 : 1;
}

/** First record of the object that is still to be read; null when there is none. */
export function firstRow(object: SourceObject, cursor: ObjectCursor | null): number | null {
  if (cursor === null) return 0;
  const order = compareObjects(object, cursor);
  if (order !== 0) return order > 0 ? 0 : null;
  if (object.version !== cursor.version) return 0;
  return cursor.isEnd ? null : cursor.row + 1;
}
