import type { TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCaller } from '../src/index.ts';
import { startMutationWorld } from './mutation-world.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await startMutationWorld();
});
afterAll(() => studio?.close());

type Request = Parameters<ReturnType<typeof createCaller>['request']['runRestRequest']>[0];
const run = async (request: Request, role: 'viewer' | 'admin' = 'admin') => {
  const actor = { kind: 'user', userId: 'ann', role } as const;
  const answer = await createCaller({ ...studio.ctx, actor }).request.runRestRequest(request);
  return { ...answer, json: JSON.parse(answer.body) };
};

describe('the request console', () => {
  it('answers as the public address does, in REST words', async () => {
    const search = { search_query: 'boots', limit: 2 };
    const { status, json } = await run({
      ...{ method: 'POST', path: '/api/v1/embeddings/similarity-search', body: search },
    });
    expect(status).toBe(200);
    expect(json.search_results).toHaveLength(2);
    const bad = await run({ method: 'POST', path: '/api/v1/embeddings/similarity-search', body: { limit: 0 } });
    expect(bad).toMatchObject({ status: 422, json: { code: 'INPUT_INVALID', field: expect.any(String) } });
  });

  it('takes values out of the path and the query string', async () => {
    const { status, json } = await run({
      ...{ method: 'GET', path: '/api/v1/clickstream/session', query: { session_id: 'none' } },
    });
    expect([status, json.code]).toEqual([404, 'SESSION_NOT_FOUND']);
    expect(await run({ method: 'GET', path: '/api/v1/nowhere' })).toMatchObject({
      status: 404,
      json: { code: 'ROUTE_NOT_FOUND' },
    });
  });

  it('has no more rights than the one who asks', async () => {
    const body = { session_id: 'new', search_query: 'q', search_results: [] };
    const request: Request = { method: 'POST', path: '/api/v1/clickstream/session', body };
    expect(await run(request, 'viewer')).toMatchObject({ status: 403, json: { code: 'FORBIDDEN' } });
    expect((await run(request)).status).toBe(200);
  });

  it('describes every request of the REST table with its fields and an example', async () => {
    const requests = await createCaller(studio.ctx).request.listRestRequests();
    const search = requests.find(({ operationId }) => operationId === 'similaritySearch');
    expect(search?.fields).toContainEqual({
      ...{ name: 'limit', in: 'body', isRequired: true, type: 'integer', values: [] },
    });
    expect(search?.example).toMatchObject({ search_query: expect.anything() });
    expect(JSON.stringify(requests).length).toBeLessThan(200 * 1024);
  });
});

describe('collections', () => {
  it('tell what they hold, take up and stand for, and keep their checks', async () => {
    const { collection } = createCaller(studio.ctx);
    const { pointer } = await collection.getLive();
    const check = { collectionId: pointer.collectionId, queries: 3 };
    const first = await collection.recordCheck(check);
    const second = await collection.recordCheck(check);
    expect(first.check).toMatchObject({ recall10: 1, queries: 3, index: { m: 16, efConstruction: 128 } });
    const history = await collection.listChecks({ collectionId: pointer.collectionId });
    expect(history.map(({ id }) => id)).toEqual([second.id, first.id]);
    const rest = await collection.listChecks({ collectionId: pointer.collectionId, before: second.id });
    expect(rest.map(({ id }) => id)).toEqual([first.id]);
    const [state] = await collection.listCollectionStates({});
    expect(state).toMatchObject({
      ...{ alias: 'live', isLive: true, lastCheck: { recall10: 1 }, rollout: { state: 'live' } },
      counts: { stale: 0 },
      memory: { basis: 'measured', total: state?.storage?.indexBytes },
    });
    expect(await collection.getServingPair()).toMatchObject({ live: { alias: 'live' }, standby: null });
  });

  it('take a wider beam at once, and leave what is not served alone', async () => {
    const { collection } = createCaller(studio.ctx);
    const { collectionId } = (await collection.getLive()).pointer;
    await collection.updateSearchBeam({ collectionId, efSearch: 222 });
    const live = (await collection.getLive()).collection;
    expect(live.ranking.efSearch).toBe(222);
    await expect(collection.updateSearchBeam({ collectionId, efSearch: 5 })).rejects.toThrow(/efSearch/);
  });
});
