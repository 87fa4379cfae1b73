import { StudioError } from '@embedding-studio/contracts';

/** A document holds at most 16 MB; the rest of it needs some room too. */
const jsonBytesMax = 15_000_000;

/**
 * Open records from outside are kept as JSON text: no key of theirs can then be read as an operator or a path.
 * @throws StudioError BODY_TOO_LARGE naming the field
 */
export function packJson(value: unknown, field: string): string {
  const json = JSON.stringify(value) ?? 'null';
  // No text has more than three bytes per unit of its length.
  if (json.length > jsonBytesMax / 3 && Buffer.byteLength(json) > jsonBytesMax)
    throw new StudioError(
      'BODY_TOO_LARGE',
      `${field} exceeds ${jsonBytesMax / 1_000_000} MB: send it in smaller pieces`,
      {
        field,
      },
    );
  return json;
}

export function unpackJson<T>(json: string): T {
  return JSON.parse(json) as T;
}

/** Types do not survive the network: anything but text in a filter would be read as an operator. */
export function requireText(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new StudioError('INPUT_INVALID', `${field} must be text`, { field });
  return value;
}
