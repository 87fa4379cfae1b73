import { StudioError } from '@embedding-studio/contracts';

/** Escapes that JSON.stringify writes for NUL and for half a surrogate pair; jsonb refuses both. */
const unstorableEscape = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/** @throws StudioError INPUT_INVALID naming the field, when the text holds a NUL character. */
export function requireStorableText(value: string, field: string): void {
  if (value.includes('\0'))
    throw new StudioError('INPUT_INVALID', `${field} contains a NUL character, which cannot be stored`, { field });
}

/** JSON text that jsonb accepts. @throws StudioError INPUT_INVALID naming the field. */
export function toStorableJson(value: unknown, field: string): string {
  const json = JSON.stringify(value);
  if (unstorableEscape.test(json))
    throw new StudioError('INPUT_INVALID', `${field} contains a NUL character or half a surrogate pair`, { field });
  return json;
}

/** Query text as the parser takes it: NUL separates words, half a surrogate pair is replaced. */
export function toQueryText(value: string): string {
  return value.replaceAll('\0', ' ');
}
