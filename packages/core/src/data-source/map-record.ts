import { type FieldMapping, ItemInput, type SourceRecord, StudioError } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';
import { readPath } from './nested-fields.ts';

const idLengthMax = 128;

/** A record of a source as an item. @throws StudioError INPUT_INVALID naming the item's field */
export function mapRecord(record: SourceRecord, mapping: FieldMapping): ItemInput {
  const { fields } = record;
  const text = mapping.text.map((path) => textOf(readPath(fields, path)));
  const item = {
    id: itemIdOf(record, mapping),
    title: mapping.title === null ? '' : textOf(readPath(fields, mapping.title)),
    text: text.filter((piece) => piece !== '').join('\n'),
    payload: payloadOf(fields, mapping),
  };
  const parsed = ItemInput.safeParse(item);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = (issue?.path ?? []).map(String).join('.');
  throw new StudioError('INPUT_INVALID', `${field}: ${issue?.message ?? 'is not valid'}`, { field });
}

/** Also the id under which a record is deleted. Keys that are too long for an id end in their hash instead. */
export function itemIdOf(record: SourceRecord, mapping: FieldMapping): string {
  // A record that is gone may have no fields left.
  const given = mapping.id === null ? undefined : readPath(record.fields, mapping.id);
  if (mapping.id !== null && record.isDeleted !== true && textOf(given) === '')
    throw new StudioError('INPUT_INVALID', `id: the field ${mapping.id} is missing or empty`, { field: 'id' });
  const id = textOf(given) || record.key;
  return id.length <= idLengthMax ? id : `${id.slice(0, idLengthMax - 33)}~${sha256(id).slice(0, 32)}`;
}

function payloadOf(fields: Record<string, unknown>, mapping: FieldMapping): Record<string, unknown> {
  if (mapping.payload !== null) {
    const picked = Object.entries(mapping.payload).map(([name, path]) => [name, readPath(fields, path)] as const);
    return Object.fromEntries(picked.filter(([, value]) => value !== undefined && isPlain(value)));
  }
  const used = new Set([mapping.id, mapping.title, ...mapping.text]);
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => !used.has(name) && isPlain(value)));
}

function isPlain(value: unknown): boolean {
  return !(value instanceof Uint8Array);
}

/** Texts and numbers as they are, lists of them by commas, anything else as JSON. */
function textOf(value: unknown): string {
  if (value === undefined || value === null || value instanceof Uint8Array) return '';
  if (typeof value === 'object') {
    const isFlat = Array.isArray(value) && value.every((each) => typeof each !== 'object' || each === null);
    return isFlat ? value.map(textOf).join(', ') : JSON.stringify(value);
  }
  return String(value);
}
