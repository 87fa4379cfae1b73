/** Reads and writes values of nested objects and lists by dotted path. */

export function readPath(fields: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(fields, path)) return fields[path];
  let value: unknown = fields;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** A copy with the value at the path; objects on the way are made where they are missing. */
export function withPath(fields: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) return { ...fields, [name]: value };
  const inner = fields[name];
  const object = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  return { ...fields, [name]: withPath(object, rest.join('.'), value) };
}

/** A copy without the value at the path. */
export function withoutPath(fields: Record<string, unknown>, path: string): Record<string, unknown> {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    const { [name]: _left, ...kept } = fields;
    return kept;
  }
  const inner = fields[name];
  if (typeof inner !== 'object' || inner === null) return fields;
  return { ...fields, [name]: withoutPath(inner as Record<string, unknown>, rest.join('.')) };
}
