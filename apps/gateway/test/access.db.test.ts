import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, type GatewayWorld, startGatewayWorld } from './gateway-world.ts';

let world: GatewayWorld;

beforeAll(async () => {
  world = await startGatewayWorld();
});
afterAll(() => world?.stop());

const item = { object_id: 'a' };
const query = { search_query: 'a', limit: 1 };
const session = { session_id: 'access', search_query: 'boots', search_results: [] };

const withArm = (change: object) => ({ arms: [{ name: 'a' }, { name: 'b', ...change }] });

describe('who may call', () => {
  it('answers the ping to everybody', async () => {
    expect(await world.call('GET', api('/ping'))).toMatchObject({ status: 200, body: {} });
  });

  it.each([
    ['no key', undefined],
    ['an unknown key', { authorization: 'Bearer es_unknown' }],
    ['another scheme', { authorization: 'Basic ZXM6ZXM=' }],
    ['two keys at once', { authorization: 'Bearer one two' }],
    ['an empty key', { authorization: 'Bearer ' }],
    ['a key far too long', { authorization: `Bearer ${'x'.repeat(5_000)}` }],
  ])('refuses %s with 401', async (_name, headers) => {
    const answer = await world.call('POST', api('/clickstream/session'), {
      raw: { text: JSON.stringify(session), headers },
    });
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('looks at the key before it looks at the body', async () => {
    const answer = await world.call('POST', api('/clickstream/session'), { body: { nonsense: true } });
    expect(answer.status).toBe(401);
  });

  it.each([
    { scope: 'search', path: '/clickstream/session', body: session, permission: 'session.write' },
    { scope: 'clickstream', path: '/embeddings/similarity-search', body: query, permission: 'search.read' },
    { scope: 'search', path: '/embeddings/upsertion-tasks/run', body: { items: [item] }, permission: 'item.write' },
    { scope: 'ingest', path: '/fine-tuning/task', body: { embedding_model_id: 'm' }, permission: 'rollout.write' },
  ] as const)('refuses scope $scope on $path with 403 and names $permission', async (refused) => {
    const answer = await world.call('POST', api(refused.path), { key: world.keys[refused.scope], body: refused.body });
    expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(answer.body.detail).toContain(refused.permission);
  });

  it.each([
    { what: 'no key', status: 401 },
    { what: 'a key for searches', key: 'search', status: 403 },
    { what: 'one arm alone', change: { arms: [{ name: 'a' }] }, status: 422, field: 'arms' },
    { what: 'a weight of 0', change: withArm({ weight: 0 }), status: 422, field: 'arms.1.weight' },
    { what: 'a metric that is none', change: { primaryMetric: 'joy' }, status: 422, field: 'primaryMetric' },
    {
      ...{ what: 'a treatment that is none', change: withArm({ treatment: { vectorWeight: 2 } }), status: 422 },
      field: 'arms.1.treatment.vectorWeight',
    },
    { what: 'a body too large', change: { hypothesis: 'x'.repeat(300_000) }, status: 413 },
  ])('refuses an experiment with $what', async ({ key, change, status, field }) => {
    const json = { name: 'refused', kind: 'ab', ...withArm({}), ...change };
    const scope = change === undefined ? key : 'admin';
    const secret = scope === undefined ? undefined : world.keys[scope as 'admin'];
    const answer = await world.call('POST', '/trpc/experiment.createExperiment', { key: secret, body: { json } });
    expect(answer.status).toBe(status);
    if (field !== undefined) expect(JSON.stringify(answer.body)).toContain(`"field":"${field}"`);
  });

  it('lets the scope admin do what every other scope may', async () => {
    const body = { ...session, session_id: 'access-admin' };
    expect((await world.call('POST', api('/clickstream/session'), { key: world.keys.admin, body })).status).toBe(200);
  });

  it('stops a revoked key with its very next request', async () => {
    const { keyId, secret } = await world.makeKey({ scopes: ['clickstream'] });
    const body = { ...session, session_id: 'access-revoked' };
    expect((await world.call('POST', api('/clickstream/session'), { key: secret, body })).status).toBe(200);
    await world.studio.deps.apiKeys.revokeApiKey(keyId);
    expect((await world.call('POST', api('/clickstream/session'), { key: secret, body })).status).toBe(401);
  });

  it('stops a key that has expired', async () => {
    const { secret } = await world.makeKey({ scopes: ['clickstream'], expiresAt: new Date(Date.now() - 1_000) });
    const answer = await world.call('POST', api('/clickstream/session'), { key: secret, body: session });
    expect(answer.status).toBe(401);
  });

  it('never says why a key is refused, nor repeats it', async () => {
    const { secret } = await world.makeKey({ scopes: ['search'], expiresAt: new Date(Date.now() - 1_000) });
    const unknown = await world.call('GET', api('/fine-tuning/task'), { key: 'es_unknown' });
    const expired = await world.call('GET', api('/fine-tuning/task'), { key: secret });
    expect(expired.body.detail).toBe(unknown.body.detail);
    expect(JSON.stringify(expired.body)).not.toContain(secret);
  });
});

describe('addresses', () => {
  it('says for an unknown address where the list of addresses is', async () => {
    const answer = await world.call('GET', api('/nothing/here?key=1'), { key: world.keys.admin });
    expect(answer).toMatchObject({ status: 404, body: { code: 'ROUTE_NOT_FOUND' } });
    expect(answer.body.detail).toContain('/openapi.json');
    expect(answer.body.detail).not.toContain('key=1');
  });

  it('gives every answer to an error the id of its request', async () => {
    const answers = await Promise.all([world.call('GET', api('/fine-tuning/task')), world.call('GET', '/nothing')]);
    const ids = answers.map(({ body }) => body.request_id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is ready while its stores answer', async () => {
    expect(await world.call('GET', '/health/live')).toMatchObject({ status: 200, body: { live: true } });
    expect(await world.call('GET', '/health/ready')).toMatchObject({ status: 200, body: { ready: true } });
  });
});
