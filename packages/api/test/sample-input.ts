import { z } from 'zod';

type Schema = Record<string, unknown> & {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
};

/** The least that a schema takes: needed fields alone, the first of what may be chosen, texts that look like ids. */
export function sampleInput(parsers: readonly unknown[]): unknown {
  const [parser] = parsers;
  if (!(parser instanceof z.ZodType)) return undefined;
  return sample(z.toJSONSchema(parser, { io: 'input', unrepresentable: 'any' }) as Schema);
}

function sample(schema: Schema): unknown {
  if ('const' in schema) return schema.const;
  if ('default' in schema) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  const choice = (schema.anyOf ?? schema.oneOf ?? schema.allOf)?.[0];
  if (choice !== undefined) return sample(choice);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return Object.fromEntries((schema.required ?? []).map((name) => [name, sample(schema.properties?.[name] ?? {})]));
    case 'array':
      return Array.from({ length: Number(schema.minItems ?? 0) }, () => sample(schema.items ?? {}));
    case 'string':
      return sampleText(schema);
    case 'integer':
    case 'number':
      return Math.max(Number(schema.minimum ?? 1), 1);
    case 'boolean':
      return false;
    default:
      return null;
  }
}

function sampleText({ format, minLength, pattern }: Schema): string {
  if (format === 'date-time') return '2026-01-01T00:00:00.000Z';
  if (format === 'date') return '2026-01-01';
  if (format === 'email') return 'a@example.org';
  if (format === 'uri') return 'https://example.org';
  if (typeof pattern === 'string' && pattern.includes('_')) return `${/\^?\(?([a-z]+)_/.exec(pattern)?.[1] ?? 'x'}_x`;
  return 'a'.repeat(Math.max(Number(minLength ?? 1), 1));
}
