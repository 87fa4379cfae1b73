import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, api, type GatewayWorld, startGatewayWorld } from './gateway-world.ts';

let world: GatewayWorld;

beforeAll(async () => {
  world = await startGatewayWorld({ failuresPerMinute: 5 });
});
afterAll(() => world?.stop());

const ping = (key?: string): Promise<Answer> => world.call('GET', api('/ping'), { key });
const trpc = (key: string, body: unknown = { json: {} }) =>
  world.call('POST', '/trpc/session.listBatches', { key, raw: { text: JSON.stringify(body) } });
const limitsOf = ({ headers }: Answer) => ({
  policy: headers.get('ratelimit-policy'),
  limit: headers.get('ratelimit'),
  after: headers.get('retry-after'),
});

describe('the rate of a key', () => {
  it('is its own limit, told with every answer, and 429 with the wait beyond it', async () => {
    const { secret } = await world.makeKey({ scopes: ['search'], requestsPerMinute: 2 });
    const first = limitsOf(await ping(secret));
    expect(first).toMatchObject({ policy: '"key";q=2;w=60', after: null });
    expect(first.limit).toMatch(/^"key";r=1;t=(60|59)$/);
    expect((await ping(secret)).status).toBe(200);
    const over = await ping(secret);
    expect(over).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    expect(limitsOf(over).limit).toMatch(/^"key";r=0;t=\d+$/);
    expect(Number(limitsOf(over).after)).toBeGreaterThan(0);
    expect(Number(limitsOf(over).after)).toBeLessThanOrEqual(60);
  });

  it('counts REST and tRPC together, and other keys apart', async () => {
    const { secret } = await world.makeKey({ scopes: ['clickstream'], requestsPerMinute: 2 });
    const other = await world.makeKey({ scopes: ['clickstream'], requestsPerMinute: 2 });
    await ping(secret);
    expect((await trpc(secret)).status).toBe(200);
    const over = await trpc(secret);
    expect(over.status).toBe(429);
    expect(over.body).toMatchObject({ error: { json: { data: { studio: { code: 'RATE_LIMITED' } } } } });
    expect(Number(limitsOf(over).after)).toBeGreaterThan(0);
    expect((await ping(other.secret)).status).toBe(200);
  });

  it('goes on through a rotation: both secrets draw from one window', async () => {
    const { keyId, secret } = await world.makeKey({ scopes: ['search'], requestsPerMinute: 1 });
    const rotated = await rotate(keyId);
    expect((await ping(secret)).status).toBe(200);
    expect((await ping(rotated)).status).toBe(429);
  });

  it('is the setting of the gateway where the key has none', async () => {
    expect(limitsOf(await ping(world.keys.search)).policy).toBe('"key";q=100000;w=60');
  });
});

async function rotate(keyId: string): Promise<string> {
  const raw = { text: JSON.stringify({ json: { keyId } }) };
  const answer = await world.call('POST', '/trpc/key.rotateApiKey', { key: world.keys.admin, raw });
  const { result } = answer.body as { result: { data: { json: { secret: string } } } };
  return result.data.json.secret;
}

describe('wrong keys', () => {
  it('are 401 up to a limit per address and 429 beyond; valid keys go on', async () => {
    const statuses = [];
    for (let turn = 0; turn < 7; turn++) statuses.push((await ping(`es_wrong_${turn}`)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    const over = await ping('es_wrong');
    expect(over.body.code).toBe('RATE_LIMITED');
    expect(Number(limitsOf(over).after)).toBeGreaterThan(0);
    expect((await ping(world.keys.search)).status).toBe(200);
  });

  it('come from the address of the connection, whatever the client forwards', async () => {
    const headers = { authorization: 'Bearer es_wrong', 'x-forwarded-for': '203.0.113.9' };
    const answer = await world.call('POST', api('/clickstream/session'), { raw: { text: '{}', headers } });
    expect(answer.status).toBe(429);
  });
});

describe('limits of a request', () => {
  const search = (body: unknown) =>
    world.call('POST', api('/embeddings/similarity-search'), { key: world.keys.admin, body });
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

  it('values nested too deep are a 4xx that names the field, over REST and tRPC', async () => {
    const rest = await search({ search_query: 'a', limit: 1, meta_info: deep(40) });
    expect(rest).toMatchObject({ status: 422, body: { code: 'INPUT_INVALID', field: 'meta_info' } });
    expect((await trpc(world.keys.admin, { json: { offset: deep(40) } })).status).toBe(422);
  });

  it.each([
    ['limit', { search_query: 'a', limit: 1_001 }],
    ['offset', { search_query: 'a', limit: 1, offset: 10_001 }],
    ['search_query', { search_query: 'a'.repeat(2_001), limit: 1 }],
  ])('%s beyond its bound is a 4xx that names it', async (field, body) => {
    expect(await search(body)).toMatchObject({ status: 422, body: { code: 'INPUT_INVALID', field } });
  });

  it('a tRPC batch is refused: it would be one request to the limit and many to the stores', async () => {
    const path = '/trpc/session.listBatches,session.listBatches?batch=1';
    const answer = await world.call('POST', path, { key: world.keys.admin, body: {} });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });
});

describe('pages of other origins', () => {
  const preflight = (origin: string) =>
    fetch(`${world.url}${api('/embeddings/similarity-search')}`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });

  it('may call when their origin is in the settings, without credentials', async () => {
    const allowed = await preflight('https://shop.example');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    const refused = await preflight('https://elsewhere.example');
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });
});
