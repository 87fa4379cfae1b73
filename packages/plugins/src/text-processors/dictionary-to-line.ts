import { z } from 'zod';
import { defineTextProcessor } from '../spec/index.ts';

const Config = z.strictObject({
  fields: z
    .array(z.string().min(1).max(200))
    .max(200)
    .default([])
    .describe('Only these, in this order; none named: all of them, by name.'),
  nested: z.boolean().default(true).describe('Objects inside become `outer.inner`; false: their JSON.'),
});
type Config = z.infer<typeof Config>;

/** `{"colour":"red","size":42}` → `colour: "red" size: "42"`. */
export const dictionaryToLine = defineTextProcessor<Config>({
  apiVersion: 1,
  kind: 'text-processor',
  id: 'dictionary-to-line',
  version: '1.0.0',
  title: 'Dictionary to line',
  description:
    'Turns a text that is a JSON object into one line of `name: "value"` pairs, as models read them best. A text that is no JSON object stays as it is.',
  config: Config,
  needs: ['text'],
  process(text, config) {
    const dictionary = parseDictionary(text);
    if (dictionary === null) return text;
    const values = new Map(config.nested ? flatten(dictionary) : Object.entries(dictionary));
    const names = config.fields.length > 0 ? config.fields : [...values.keys()].sort();
    const pairs = names.flatMap((name) => {
      const value = lineOf(values.get(name));
      return value === '' ? [] : [`${name}: "${value}"`];
    });
    return pairs.join(' ');
  },
});

function parseDictionary(text: string): Record<string, unknown> | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

const depthMax = 8;

function flatten(dictionary: Record<string, unknown>, prefix = '', depth = 0): [string, unknown][] {
  return Object.entries(dictionary).flatMap(([name, value]): [string, unknown][] => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject || depth >= depthMax) return [[prefix + name, value]];
    return flatten(value as Record<string, unknown>, `${prefix}${name}.`, depth + 1);
  });
}

/** Quotes and line breaks would end the pair. */
function lineOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  const isFlat = Array.isArray(value) && value.every((each) => typeof each !== 'object' || each === null);
  const text = isFlat ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.replaceAll('"', ' ').replace(/\s+/g, ' ').trim();
}
