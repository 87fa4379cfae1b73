const textMax = 240;
const fieldsMax = 24;
const listMax = 8;

/** A payload short enough for a list: long texts are cut, deep values become text. */
export function previewPayload(payload: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(payload)
      .slice(0, fieldsMax)
      .map(([name, value]) => [name, previewValue(value)]),
  );
}

function previewValue(value: unknown): unknown {
  if (typeof value === 'string') return cut(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object'))
    return value.slice(0, listMax).map(previewValue);
  return cut(JSON.stringify(value));
}

function cut(text: string): string {
  return text.length <= textMax ? text : `${text.slice(0, textMax - 1)}…`;
}
