import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, type CallOptions, type GatewayWorld, startGatewayWorld } from './gateway-world.ts';

let world: GatewayWorld;
let modelId = '';

beforeAll(async () => {
  world = await startGatewayWorld();
  modelId = await world.makeLive([
    {
      id: 'boots',
      title: 'Red boots',
      text: 'Warm boots for winter.',
      payload: { price: 80, tags: ['winter', 'red'] },
    },
    { id: 'lamp', title: 'Desk lamp', text: 'A lamp with two arms.' },
  ]);
});
afterAll(() => world?.stop());

let counter = 0;
const fresh = (name: string) => `${name}-${++counter}`;
const send = (path: string, options: CallOptions, method = 'POST') => world.call(method, api(path), options);

async function openSession(): Promise<string> {
  const id = fresh('session');
  const body = { session_id: id, search_query: 'boots', search_results: [{ object_id: 'boots', rank: 0.5 }] };
  await send('/clickstream/session', { key: world.keys.clickstream, body });
  const events = [{ event_id: 'e', object_id: 'boots', meta: { at: 'top' } }];
  await send('/clickstream/session/events', { key: world.keys.clickstream, body: { session_id: id, events } });
  return id;
}

/** A task in a state in which the route has something to do. */
async function makeUpsertion(): Promise<string> {
  const id = fresh('task');
  const notBefore = new Date(Date.now() + 3_600_000);
  await world.studio.deps.tasks.requestTask({
    ...{ kind: 'upsertion', id, idempotencyKey: id, notBefore },
    input: { items: [{ id: 'late', title: 'Late', text: '', payload: {} }] },
  });
  return id;
}

describe('fine-tuning tasks', () => {
  it('are created once per idempotency key and listed, newest first', async () => {
    await openSession();
    const body = { embedding_model_id: modelId, idempotency_key: 'same', deploy_as_blue: false };
    const first = await send('/fine-tuning/task', { key: world.keys.admin, body });
    const second = await send('/fine-tuning/task', { key: world.keys.admin, body });
    expect(first).toMatchObject({ status: 200, body: { embedding_model_id: modelId, deploy_as_blue: false } });
    expect(second.body.task_id).toBe(first.body.task_id);
    const later = await send('/fine-tuning/task', {
      key: world.keys.admin,
      body: { ...body, idempotency_key: 'other' },
    });
    const listed = await send('/fine-tuning/task?limit=2', { key: world.keys.admin }, 'GET');
    expect(listed.body).toMatchObject([{ task_id: later.body.task_id }, { task_id: first.body.task_id }]);
  });

  it.each([
    ['an unknown model', { embedding_model_id: 'no-such-model' }, 404, 'MODEL_NOT_FOUND'],
    ['an unknown batch', { batch_id: 'no-such-batch' }, 404, 'BATCH_NOT_FOUND'],
    ['an unknown method', { metadata: { method: 'no-such-method' } }, 422, 'INPUT_INVALID'],
    ['an unknown setting', { metadata: { settings: { noSuchSetting: 1 } } }, 422, 'INPUT_INVALID'],
  ])('are refused for %s', async (_name, change, ...[status, code]) => {
    const body = { embedding_model_id: modelId, deploy_as_blue: false, ...change };
    expect(await send('/fine-tuning/task', { key: world.keys.admin, body })).toMatchObject({ status, body: { code } });
  });
});

describe('tasks', () => {
  it.each([
    ['GET', '/embeddings/upsertion-tasks/info'],
    ['PUT', '/embeddings/upsertion-tasks/restart'],
    ['PUT', '/embeddings/upsertion-tasks/cancel'],
  ])('%s %s answers 404 for an unknown task', async (method, path) => {
    const answer = await send(`${path}?task_id=unknown`, { key: world.keys.ingest }, method);
    expect(answer).toMatchObject({ status: 404, body: { code: 'TASK_NOT_FOUND' } });
  });

  it('of another kind are unknown at the address of upsertions', async () => {
    await openSession();
    const body = { embedding_model_id: modelId, deploy_as_blue: false };
    const { body: tuning } = await send('/fine-tuning/task', { key: world.keys.admin, body });
    const path = `/embeddings/upsertion-tasks/info?task_id=${tuning.task_id}`;
    expect((await send(path, { key: world.keys.admin }, 'GET')).status).toBe(404);
    const cancel = `/embeddings/upsertion-tasks/cancel?task_id=${tuning.task_id}`;
    expect((await send(cancel, { key: world.keys.admin }, 'PUT')).status).toBe(404);
  });

  it('that are canceled run again when they are restarted', async () => {
    const id = await makeUpsertion();
    const cancel = await send(`/embeddings/upsertion-tasks/cancel?task_id=${id}`, { key: world.keys.ingest }, 'PUT');
    expect(cancel.body.status).toBe('canceled');
    const restart = await send(`/embeddings/upsertion-tasks/restart?task_id=${id}`, { key: world.keys.ingest }, 'PUT');
    expect(restart.body.status).toBe('pending');
  });
});

describe('bad input over HTTP', () => {
  const search = '/embeddings/similarity-search';
  const raw = (text: string, type = 'application/json') => ({ text, headers: { 'content-type': type } });

  it.each([
    ['JSON that ends early', '{"search_query": "a"', 'body'],
    ['JSON that is no object', '[1, 2]', 'body'],
    ['an empty body', '', 'body'],
    ['a bare null', 'null', 'search_query'],
    ['a wrong type', '{"search_query": "a", "limit": "ten"}', 'limit'],
    ['a fraction where a count belongs', '{"search_query": "a", "limit": 1.5}', 'limit'],
    ['a number beyond every count', '{"search_query": "a", "limit": 1e99}', 'limit'],
    ['an unknown field', '{"search_query": "a", "limit": 1, "lmit": 2}', 'lmit'],
    ['an unknown field inside', '{"search_query": {"text": "a", "txt": "b"}, "limit": 1}', 'search_query.txt'],
    ['a list in place of a text', '{"search_query": ["a"], "limit": 1}', 'search_query'],
    ['a query too long', JSON.stringify({ search_query: 'x'.repeat(2_001), limit: 1 }), 'search_query'],
    ['a prototype as a field', '{"search_query": "a", "limit": 1, "__proto__": {"admin": true}}', undefined],
  ])('%s is a 4xx that names the field', async (_name, text, field) => {
    const answer = await send(search, { key: world.keys.search, raw: raw(text) });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.body.code).toBe('INPUT_INVALID');
    expect(typeof answer.body.field).toBe('string');
    if (field !== undefined) expect(answer.body.field).toBe(field);
  });

  it('a body that is not JSON is a 4xx', async () => {
    const answer = await send(search, { key: world.keys.search, raw: raw('search_query=a', 'text/plain') });
    expect(answer).toMatchObject({ status: 422, body: { code: 'INPUT_INVALID', field: 'body' } });
  });

  it('a body over the limit is a 413, with and without its length in the head', async () => {
    const items = Array.from({ length: 200 }, (_, i) => ({ object_id: `big-${i}`, text: 'x'.repeat(1_100) }));
    const answer = await send('/embeddings/upsertion-tasks/run', { key: world.keys.ingest, body: { items } });
    expect(answer).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE', field: 'body' } });
    const stream = new Blob([JSON.stringify({ items })]).stream();
    const streamed = await fetch(`${world.url}${api('/embeddings/upsertion-tasks/run')}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.keys.ingest}`, 'content-type': 'application/json' },
      body: stream,
      duplex: 'half',
    });
    expect(streamed.status).toBe(413);
    await streamed.body?.cancel();
  });

  it.each([
    ['limit', 'many'],
    ['limit', '1.5'],
    ['offset', '-1'],
    ['status', 'asleep'],
  ])('a query string with %s=%s names the field', async (field, value) => {
    const path = `/embeddings/upsertion-tasks/list?${field}=${value}`;
    expect(await send(path, { key: world.keys.ingest }, 'GET')).toMatchObject({ status: 422, body: { field } });
  });
});
