const categoriesMax = 5;
const distinctMax = 60;
const coverageMin = 0.5;

type Payload = Record<string, unknown>;

/** The first value of a field, as text. */
export function categoryOf(payload: Payload, field: string): string | null {
  const value = payload[field];
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' || typeof first === 'boolean' ? String(first) : null;
}

/** The payload field that most items have and that takes few values; null: there is none. */
export function chooseField(payloads: readonly Payload[]): string | null {
  const fields = new Map<string, { count: number; values: Set<string> }>();
  for (const payload of payloads)
    for (const field of Object.keys(payload)) {
      const value = categoryOf(payload, field);
      if (value === null) continue;
      const seen = fields.get(field) ?? { count: 0, values: new Set() };
      seen.count++;
      if (seen.values.size <= distinctMax) seen.values.add(value.toLowerCase());
      fields.set(field, seen);
    }
  const fits = [...fields].filter(
    ([, { count, values }]) => count >= coverageMin * payloads.length && values.size > 1 && values.size <= distinctMax,
  );
  fits.sort(([, left], [, right]) => right.count - left.count || left.values.size - right.values.size);
  return fits[0]?.[0] ?? null;
}

/** What differs only in upper and lower case is one value: each becomes the most frequent of its spellings. */
export function mergeSpellings(values: readonly (string | null)[]): (string | null)[] {
  const spellings = new Map<string, Map<string, number>>();
  for (const value of values) {
    if (value === null) continue;
    const counts = spellings.get(value.toLowerCase()) ?? new Map<string, number>();
    spellings.set(value.toLowerCase(), counts.set(value, (counts.get(value) ?? 0) + 1));
  }
  const chosen = new Map(
    [...spellings].map(([key, counts]) => [key, [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0]]),
  );
  return values.map((value) => (value === null ? null : (chosen.get(value.toLowerCase()) ?? value)));
}

/** The most frequent values, most frequent first. */
export function chooseCategories(values: readonly (string | null)[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const ordered = [...counts].sort(([a, left], [b, right]) => right - left || a.localeCompare(b));
  return ordered.slice(0, categoriesMax).map(([value]) => value);
}
