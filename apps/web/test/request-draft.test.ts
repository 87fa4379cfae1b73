import { describe, expect, test } from 'vitest';
import { completeField, draftOf, findWord, type RequestDescription, readDraft } from '../src/collections/request-draft';

const field = (
  name: string,
  place: 'path' | 'query' | 'body',
  { type = 'string', values = [] }: { type?: string; values?: string[] } = {},
) => ({
  ...{ name, in: place, type, values },
  isRequired: false,
});
const search: RequestDescription = {
  ...{ method: 'POST', path: '/api/v1/search', operationId: 'search', summary: 'Searches.' },
  fields: [
    field('query', 'body'),
    field('limit', 'body', { type: 'integer' }),
    field('metric', 'body', { values: ['dot'] }),
  ],
  example: { query: 'oak' },
};
const info: RequestDescription = {
  ...{ method: 'GET', path: '/api/v1/tasks/{id}', operationId: 'info', summary: 'One task.' },
  fields: [field('id', 'path'), field('deep', 'query', { type: 'boolean', values: ['true', 'false'] })],
  example: { id: 't 1' },
};

describe('a draft', () => {
  test('starts from the example and becomes a request', () => {
    expect(readDraft(search, draftOf(search))).toEqual({
      fault: null,
      request: { method: 'POST', path: '/api/v1/search', body: { query: 'oak' } },
    });
    const draft = { ...draftOf(info), values: { id: 't 1', deep: 'true' } };
    expect(readDraft(info, draft)).toEqual({
      fault: null,
      request: { method: 'GET', path: '/api/v1/tasks/t%201', query: { deep: 'true' } },
    });
  });

  test('says what is missing or no JSON', () => {
    expect(readDraft(info, { ...draftOf(info), values: {} }).fault).toMatch(/^id:/);
    expect(readDraft(search, { ...draftOf(search), body: '{' }).fault).toMatch(/not JSON/);
  });
});

describe('completion', () => {
  test('finds the name that is being typed, with or without its quote, and nothing inside a value', () => {
    expect(findWord('{"li', 4)).toEqual({ from: 1, word: 'li' });
    expect(findWord('{ li', 4)).toEqual({ from: 2, word: 'li' });
    expect(findWord('{"query": "oa', 13)).toBeNull();
  });

  test('offers fields that are not there yet, with a value of their kind', () => {
    expect(completeField(search, '{"query": "oak", ', '').map(({ text }) => text)).toEqual([
      '"limit": 0',
      '"metric": "dot"',
    ]);
    expect(completeField(search, '{', 'm').map(({ name }) => name)).toEqual(['metric']);
  });
});
