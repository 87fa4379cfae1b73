/** Non-empty strings at a dotted path of a payload, each once; lists on the way are walked through. */
export function readCategories(payload: Record<string, unknown>, field: string): string[] {
  let values: unknown[] = [payload];
  for (const name of field.split('.')) {
    values = values.flatMap((value) => (Array.isArray(value) ? value : [value]));
    values = values.flatMap((value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name]] : []));
  }
  const found = values.flatMap((value) => (Array.isArray(value) ? value : [value]));
  return [...new Set(found.filter((value): value is string => typeof value === 'string' && value !== ''))];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
