import { StudioError } from '@embedding-studio/contracts';

const keyLengthMax = 512;
const segmentPattern = /^[A-Za-z0-9_][A-Za-z0-9._=@+-]*$/;

function refuseKey(key: string, reason: string): never {
  throw new StudioError('INPUT_INVALID', `Object key ${JSON.stringify(key)} is refused: ${reason}.`, { field: 'key' });
}

/**
 * Splits a key into its segments. A segment starts with a letter, digit or `_` and goes on with those or `. = @ + -`,
 * so `..`, hidden names, absolute keys, backslashes and empty segments are all refused (INPUT_INVALID, field `key`).
 */
export function parseObjectKey(key: string): string[] {
  if (key.length === 0) refuseKey(key, 'it is empty');
  if (key.length > keyLengthMax) refuseKey(key, `it is longer than ${keyLengthMax} characters`);
  const segments = key.split('/');
  for (const segment of segments)
    if (!segmentPattern.test(segment)) refuseKey(key, `the segment ${JSON.stringify(segment)} is not allowed`);
  return segments;
}

/** A prefix names whole segments: `models/a` and `models/a/` mean the same and never match `models/ab`. */
export function parseObjectPrefix(prefix: string): string[] {
  if (prefix === '') return [];
  return parseObjectKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
}
