import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';

export interface PayloadField {
  /** Dotted, as filters name it. */
  name: string;
  kind: 'text' | 'number' | 'boolean' | 'list' | 'date';
  /** Share of the sampled items that have it. */
  share: number;
  /** Frequent values, most frequent first; of lists their elements. */
  values: (string | number | boolean)[];
}

const sample = 300;
const fieldsMax = 60;
const valuesMax = 12;
const valueLengthMax = 60;
const depthMax = 3;

interface Seen {
  items: number;
  kinds: Map<PayloadField['kind'], number>;
  values: Map<string | number | boolean, number>;
}

/** What filters can name, learned from a sample of items. */
export async function listPayloadFields({ ctx }: { ctx: Ctx }): Promise<PayloadField[]> {
  authorise(ctx, 'search.read');
  const items = await ctx.deps.items.searchItems({ limit: sample, offset: 0 });
  const fields = new Map<string, Seen>();
  for (const { payload } of items) noteFields(fields, payload, []);
  return [...fields]
    .map(([name, { items: having, kinds, values }]) => ({
      name,
      kind: mostFrequent(kinds, 1)[0] ?? ('text' as const),
      share: having / items.length,
      values: mostFrequent(values, valuesMax),
    }))
    .sort((left, right) => right.share - left.share || (left.name < right.name ? -1 : 1))
    .slice(0, fieldsMax);
}

function noteFields(fields: Map<string, Seen>, payload: Record<string, unknown>, path: readonly string[]): void {
  for (const [key, value] of Object.entries(payload)) {
    if (value === null || value === undefined) continue;
    const names = [...path, key.replaceAll('.', String.raw`\.`)];
    if (typeof value === 'object' && !Array.isArray(value)) {
      if (names.length < depthMax) noteFields(fields, value as Record<string, unknown>, names);
      continue;
    }
    noteValue(fields, names.join('.'), value);
  }
}

function noteValue(fields: Map<string, Seen>, name: string, value: unknown): void {
  const seen = fields.get(name) ?? { items: 0, kinds: new Map(), values: new Map() };
  seen.items++;
  count(seen.kinds, kindOf(value));
  for (const one of Array.isArray(value) ? value : [value])
    if (isScalar(one) && String(one).length <= valueLengthMax) count(seen.values, one);
  fields.set(name, seen);
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function kindOf(value: unknown): PayloadField['kind'] {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value as 'number' | 'boolean';
  return /^\d{4}-\d{2}-\d{2}([T ]|$)/.test(String(value)) ? 'date' : 'text';
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function mostFrequent<Key>(counts: ReadonlyMap<Key, number>, limit: number): Key[] {
  return [...counts]
    .sort((left, right) => right[1] - left[1])
    .slice(0, limit)
    .map(([key]) => key);
}
