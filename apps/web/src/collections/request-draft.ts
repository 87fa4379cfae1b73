import type { AppRouter } from '@embedding-studio/api';
import type { inferProcedureInput, inferProcedureOutput } from '@trpc/server';
import { z } from 'zod';

export type RequestDescription = inferProcedureOutput<AppRouter['request']['listRestRequests']>[number];
type RestRequest = inferProcedureInput<AppRouter['request']['runRestRequest']>;

/** A request while it is being written. */
export const Draft = z.object({
  operationId: z.string(),
  /** Fields of the path and the query string, as typed. */
  values: z.record(z.string(), z.string()),
  body: z.string(),
});
export type Draft = z.infer<typeof Draft>;

/** The request's own example to start from. */
export function draftOf({ operationId, method, example, fields }: RequestDescription): Draft {
  const given = typeof example === 'object' && example !== null ? (example as Record<string, unknown>) : {};
  const typed = fields.filter((field) => field.in !== 'body' && given[field.name] !== undefined);
  return {
    operationId,
    values: Object.fromEntries(typed.map(({ name }) => [name, String(given[name])])),
    body: method === 'POST' ? JSON.stringify(withoutRecording(given), null, 2) : '',
  };
}

/** Trying a search out is no reason to store it as a session. */
function withoutRecording(example: Record<string, unknown>): Record<string, unknown> {
  return 'create_session' in example ? { ...example, create_session: false } : example;
}

export function readDraft(
  { method, path, fields }: RequestDescription,
  { values, body }: Draft,
): { fault: null; request: RestRequest } | { fault: string } {
  const missing = fields.find((field) => field.in === 'path' && (values[field.name] ?? '') === '');
  if (missing) return { fault: `${missing.name}: the path needs a value for it.` };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  if (method !== 'POST') {
    const query = fields.filter((field) => field.in === 'query' && (values[field.name] ?? '') !== '');
    const named = Object.fromEntries(query.map(({ name }) => [name, values[name] ?? '']));
    return { fault: null, request: { method, path: filled, query: named } };
  }
  try {
    return { fault: null, request: { method, path: filled, body: body.trim() === '' ? {} : JSON.parse(body) } };
  } catch (error) {
    return { fault: `The body is not JSON yet: ${error instanceof Error ? error.message : 'check its brackets'}` };
  }
}

export interface Completion {
  name: string;
  type: string;
  isRequired: boolean;
  /** What is put in its place. */
  text: string;
}

/** The word that is being typed before the caret, when it is the name of a field or the start of one. */
export function findWord(body: string, caret: number): { from: number; word: string } | null {
  const found = /[{,\n]\s*"?(\w*)$/.exec(body.slice(0, caret));
  if (found === null) return null;
  const word = found[1] ?? '';
  const quoted = body[caret - word.length - 1] === '"';
  return { from: caret - word.length - (quoted ? 1 : 0), word };
}

/** Fields of the body that fit the word and are not there yet. */
export function completeField({ fields }: RequestDescription, body: string, word: string): Completion[] {
  return fields
    .filter(({ name, in: place }) => place === 'body' && name.startsWith(word) && !body.includes(`"${name}"`))
    .map(({ name, type, isRequired, values }) => ({
      ...{ name, type, isRequired },
      text: `"${name}": ${values[0] === undefined ? emptyOf(type) : literal(values[0])}`,
    }));
}

function literal(value: string): string {
  return value === 'true' || value === 'false' ? value : JSON.stringify(value);
}

function emptyOf(type: string): string {
  if (type.startsWith('string')) return '""';
  if (type.startsWith('array')) return '[]';
  if (type.startsWith('integer') || type.startsWith('number')) return '0';
  return type.startsWith('boolean') ? 'false' : '{}';
}
