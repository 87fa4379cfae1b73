import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { sha256 } from '../content-hash.ts';

const Place = z.strictObject({
  /** What was asked; a cursor belongs to one search. */
  of: z.string(),
  /** Items before the page. */
  offset: z.number().int().min(0).max(10_000),
  /** The last item of the page before. */
  after: z.string(),
  /** What exploration put in another place, which it keeps on all pages. */
  moved: z.strictObject({ itemId: z.string(), place: z.number().int().min(1).max(1_000) }).optional(),
});

export type Place = Omit<z.output<typeof Place>, 'of'>;

export function hashRequest(request: object): string {
  return sha256(JSON.stringify(request)).slice(0, 16);
}

export function writeCursor(of: string, place: Place): string {
  return Buffer.from(JSON.stringify({ of, ...place })).toString('base64url');
}

/** @throws StudioError INPUT_INVALID for what no page gave out, or another search did. */
export function readCursor(of: string, cursor: string): Place {
  const place = Place.safeParse(parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (place.success && place.data.of === of) return place.data;
  const reason = place.success ? 'The cursor belongs to another search' : 'This is not a cursor that a page gave';
  throw new StudioError('INPUT_INVALID', `${reason}: repeat the same request with the cursor of its page.`, {
    field: 'cursor',
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
