import { isStudioError } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';
import { type RestRoute, restRoutes } from '../src/rest/index.ts';
import type { AppCaller } from '../src/router.ts';

/** Reaching a procedure at all would be the failure: bad input must be stopped before. */
const untouched = new Proxy({} as AppCaller, {
  get: (_target, name) => {
    throw new TypeError(`procedure ${String(name)} was reached`);
  },
});

function routeOf(operationId: string): RestRoute {
  const route = restRoutes.find((candidate) => candidate.operationId === operationId);
  if (!route) throw new TypeError(operationId);
  return route;
}

async function fieldOf(operationId: string, input: unknown): Promise<string | undefined> {
  try {
    await routeOf(operationId).run(untouched, input);
  } catch (error) {
    if (isStudioError(error) && error.code === 'INPUT_INVALID') return error.field;
    throw error;
  }
  return 'accepted';
}

const cases: [string, unknown, string][] = [
  ['similaritySearch', {}, 'search_query'],
  ['similaritySearch', { search_query: 'a' }, 'limit'],
  ['similaritySearch', { search_query: '', limit: 1 }, 'search_query'],
  ['similaritySearch', { search_query: { text: 5 }, limit: 1 }, 'search_query.text'],
  ['similaritySearch', { search_query: 'a', limit: 0 }, 'limit'],
  ['similaritySearch', { search_query: 'a', limit: 1_001 }, 'limit'],
  ['similaritySearch', { search_query: 'a', limit: 'ten' }, 'limit'],
  ['similaritySearch', { search_query: 'a', limit: 1, offset: -1 }, 'offset'],
  ['similaritySearch', { search_query: 'a', limit: 1, filter: { any: [] } }, 'filter.query'],
  ['similaritySearch', 'text', 'body'],
  [
    'registerSession',
    { session_id: 's', search_query: 'a', search_results: [{ object_id: '' }] },
    'search_results.0.object_id',
  ],
  ['registerSession', { session_id: 's', search_query: 'a', search_results: [], created_at: 'now' }, 'created_at'],
  ['pushEvents', { session_id: 's', events: [] }, 'events'],
  ['pushEvents', { session_id: 's', events: [{ event_id: 'e' }] }, 'events.0.object_id'],
  ['markIrrelevant', {}, 'session_id'],
  ['releaseBatch', { release_id: 7 }, 'release_id'],
  ['runUpsertion', { items: [] }, 'items'],
  ['runUpsertion', { items: [{ object_id: 'a', title: 5 }] }, 'items.0.title'],
  ['runUpsertion', { items: Array.from({ length: 1_001 }, () => ({ object_id: 'a' })) }, 'items'],
  ['getUpsertion', {}, 'task_id'],
  ['listUpsertions', { limit: '5000' }, 'limit'],
  ['listUpsertions', { status: 'sleeping' }, 'status'],
  ['requestFineTuning', { metadata: {} }, 'embedding_model_id'],
  ['requestFineTuning', { embedding_model_id: 'm', metadata: { method: 5 } }, 'metadata'],
];

describe('bad REST input', () => {
  it.each(cases)('%s refuses %j and names %s', async (operationId, input, field) => {
    expect(await fieldOf(operationId, input)).toBe(field);
  });
});
