import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';

export const OffsetPage = z.object({
  offset: z.number().int().min(0).max(1_000_000).default(0),
  limit: z.number().int().min(1).max(1_000).default(100),
});

export const KeysetPage = z.object({
  after: z.string().max(200).nullable().default(null),
  limit: z.number().int().min(1).max(1_000).default(100),
});

/** Place in an order by time of making, newest first. */
export interface TimeCursor {
  createdAt: Date;
  id: string;
}

/** Opaque to callers. */
export function encodeTimeCursor({ createdAt, id }: TimeCursor): string {
  return Buffer.from(JSON.stringify([createdAt.getTime(), id])).toString('base64url');
}

const TimeCursorShape = z.tuple([z.number().int(), z.string().min(1).max(200)]);

/** INPUT_INVALID for anything that `encodeTimeCursor` has not made. */
export function decodeTimeCursor(cursor: string | null): TimeCursor | null {
  if (cursor === null) return null;
  try {
    const [createdAt, id] = TimeCursorShape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { createdAt: new Date(createdAt), id };
  } catch (cause) {
    throw new StudioError('INPUT_INVALID', 'after: is not a cursor of this list.', { field: 'after', cause });
  }
}

/** A page with the cursor of the next one; null at the end. */
export interface Keyed<T> {
  rows: T[];
  next: string | null;
}

/** Cuts what was read with one row too many. */
export function keyedPage<T extends TimeCursor>(found: readonly T[], limit: number): Keyed<T> {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: found.length > limit && last !== undefined ? encodeTimeCursor(last) : null };
}
