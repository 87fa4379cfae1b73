export interface FieldChange {
  field: string;
  /** As JSON; null: was not there. */
  before: string | null;
  after: string | null;
}

type Detail = Record<string, unknown>;

function isRecord(value: unknown): value is Detail {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function flatten(value: unknown, path: string, into: Map<string, string>): void {
  if (isRecord(value))
    for (const [name, inner] of Object.entries(value)) flatten(inner, path === '' ? name : `${path}.${name}`, into);
  else if (value !== undefined) into.set(path, JSON.stringify(value));
}

/** Fields that differ between `before` and `after` of an audit row; null where the row has no such pair. */
export function diffDetail(detail: Detail): FieldChange[] | null {
  if (!('before' in detail) || !('after' in detail)) return null;
  const [before, after] = [new Map<string, string>(), new Map<string, string>()];
  flatten(detail.before ?? {}, '', before);
  flatten(detail.after ?? {}, '', after);
  const fields = [...new Set([...before.keys(), ...after.keys()])];
  return fields
    .map((field) => ({ field, before: before.get(field) ?? null, after: after.get(field) ?? null }))
    .filter((change) => change.before !== change.after);
}

/** The rest of the row: all but the pair. */
export function otherDetail(detail: Detail): Detail {
  const { before: _before, after: _after, ...rest } = detail;
  return diffDetail(detail) === null ? detail : rest;
}
