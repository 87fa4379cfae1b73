import { isStudioError } from '@embedding-studio/contracts';
import { createStudioClient, type StudioClient, trackSession, waitForTask } from '@embedding-studio/sdk';
import { TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayWorld, startGatewayWorld } from './gateway-world.ts';

let world: GatewayWorld;
let client: StudioClient;

beforeAll(async () => {
  world = await startGatewayWorld();
  client = createStudioClient({ url: `${world.url}/`, apiKey: world.keys.admin });
});
afterAll(() => world?.stop());

/** No worker of this world trains, so that such a task stays as it is. */
const tuning = { baseModelId: 'm', batchId: null, method: 'margin', settings: {}, deploy: false, rolloutId: null };

async function factsOf(call: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TRPCClientError)) throw new Error(`not refused: ${String(error)}`);
  const data = error.data as { studio: Record<string, unknown>; httpStatus: number; stack?: string };
  expect(data.stack).toBeUndefined();
  return { ...data.studio, status: data.httpStatus, message: error.message };
}

describe('the typed client', () => {
  it('carries dates there and back as dates', async () => {
    const createdAt = new Date(Date.now() - 3_600_123);
    await client.session.registerSession.mutate({ sessionId: 'dates', query: 'boots', shown: [], createdAt });
    await client.session.pushEvents.mutate({
      sessionId: 'dates',
      events: [{ eventId: 'e', itemId: 'a', createdAt: new Date(createdAt.getTime() + 7) }],
    });
    const session = await client.session.getSession.query({ sessionId: 'dates' });
    expect(session.createdAt).toEqual(createdAt);
    expect(session.events[0]?.createdAt).toEqual(new Date(createdAt.getTime() + 7));
    expect(session.events[0]?.receivedAt).toBeInstanceOf(Date);
  });

  it('carries queries longer than an address may be, and every character', async () => {
    const query = `${'ü🦊 '.repeat(600)}end`.slice(0, 2_000);
    await client.session.registerSession.mutate({ sessionId: 'long', query, shown: [] });
    expect((await client.session.getSession.query({ sessionId: 'long' })).query).toBe(query);
    expect(await factsOf(client.search.searchItems.query({ query }))).toMatchObject({
      code: 'LIVE_COLLECTION_MISSING',
    });
  });

  it('tells the code and the field of a fault', async () => {
    const facts = await factsOf(
      client.session.pushEvents.mutate({ sessionId: 'dates', events: [{ eventId: '', itemId: 'a' }] }),
    );
    expect(facts).toMatchObject({ code: 'INPUT_INVALID', field: 'events.0.eventId', status: 422 });
    expect(facts.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tells codes that the HTTP status alone would not', async () => {
    expect(await factsOf(client.task.getTask.query({ taskId: 'none' }))).toMatchObject({ code: 'TASK_NOT_FOUND' });
    const model = client.model.getModel.query({ modelId: 'none' });
    expect(await factsOf(model)).toMatchObject({ code: 'MODEL_NOT_FOUND', status: 404 });
    const stranger = createStudioClient({ url: world.url, apiKey: 'es_unknown' });
    expect(await factsOf(stranger.system.ping.query())).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
    const searcher = createStudioClient({ url: world.url, apiKey: world.keys.search });
    const forbidden = await factsOf(searcher.session.listBatches.query({}));
    expect(forbidden).toMatchObject({ code: 'FORBIDDEN', status: 403 });
    expect(forbidden.message).toContain('session.read');
  });

  it('makes keys whose secret is shown once, and ends them', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    const { key, secret } = await client.key.createApiKey.mutate({ name: 'app', scopes: ['search'], expiresAt });
    expect(key.expiresAt).toEqual(expiresAt);
    const listed = await client.key.listApiKeys.query({});
    expect(listed.map(({ id }) => id)).toContain(key.id);
    expect(JSON.stringify(listed)).not.toContain(secret);
    const app = createStudioClient({ url: world.url, apiKey: secret });
    await app.system.ping.query();
    await client.key.revokeApiKey.mutate({ keyId: key.id });
    expect(await factsOf(app.system.ping.query())).toMatchObject({ code: 'UNAUTHENTICATED' });
    const audit = await client.audit.listAudit.query({});
    expect(audit.map(({ action }) => action)).toEqual(expect.arrayContaining(['key.create', 'key.revoke']));
    expect(JSON.stringify(audit)).not.toContain(secret);
  });
});

describe('a plain HTTP call, as the runbooks make it', () => {
  const call = (procedure: string, input: Record<string, unknown>) =>
    world.call('POST', `/trpc/${procedure}`, { key: world.keys.admin, body: { json: input } });

  it.each([
    ['rollout.listRollouts', { limit: 5 }],
    ['rollout.listRollouts', { state: 'failed' }],
  ])('%s %j is answered', async (procedure, input) => {
    expect(await call(procedure, input)).toMatchObject({ status: 200, body: { result: { data: { json: [] } } } });
  });

  it.each([
    ['rollout.rollBack', {}, 'LIVE_COLLECTION_MISSING'],
    ['rollout.rollBack', { expectedCollectionId: 'none' }, 'LIVE_COLLECTION_MISSING'],
    ['rollout.retryRollout', { rolloutId: 'none' }, 'ROLLOUT_NOT_FOUND'],
  ])('%s %j reaches its verb', async (procedure, input, code) => {
    const { status, body } = await call(procedure, input);
    expect({ status, body }).toMatchObject({ status: 404, body: { error: { json: { data: { studio: { code } } } } } });
  });
});

describe('waiting for a task', () => {
  it('reports progress and ends with the settled task', async () => {
    const items = Array.from({ length: 70 }, (_, i) => ({ id: `sdk-${i}`, title: `thing ${i}` }));
    const { id } = await client.item.requestUpsertion.mutate({ items });
    const seen: string[] = [];
    const task = await waitForTask(client, id, { intervalMs: 20, onProgress: ({ status }) => seen.push(status) });
    expect(task).toMatchObject({ id, kind: 'upsertion', status: 'done', result: { items: 70, failed: 0 } });
    expect(seen.at(-1)).toBe('done');
    expect(await client.item.getItem.query({ itemId: 'sdk-3' })).toMatchObject({ id: 'sdk-3', title: 'thing 3' });
  });

  it("throws the task's own code when it did not end well", async () => {
    const { tasks } = world.studio.deps;
    await tasks.requestTask({ kind: 'fine_tuning', id: 'ends-badly', idempotencyKey: 'ends-badly', input: tuning });
    const claim = await tasks.claimTask('ends-badly', 60);
    await tasks.settleTask(
      { taskId: 'ends-badly', attempt: claim?.attempt ?? 0 },
      { status: 'failed', error: { code: 'MODEL_INVALID', message: 'vectors are not finite' } },
    );
    const thrown = await waitForTask(client, 'ends-badly').catch((error: unknown) => error);
    expect(isStudioError(thrown) && thrown.code).toBe('MODEL_INVALID');
    expect(String(thrown)).toContain('vectors are not finite');
  });

  it('throws for a canceled task, and stops waiting when told to', async () => {
    const { tasks } = world.studio.deps;
    await tasks.requestTask({ kind: 'fine_tuning', id: 'canceled', idempotencyKey: 'canceled', input: tuning });
    for (const moment of ['while it looks', 'between two looks']) {
      const abort = new AbortController();
      const wait = { intervalMs: 60_000, signal: abort.signal, onProgress: () => abort.abort() };
      const aborted = waitForTask(client, 'canceled', wait).catch((error: unknown) => error);
      if (moment === 'while it looks') abort.abort();
      expect(await aborted, moment).toMatchObject({ code: 'ABORTED' });
    }
    await client.task.cancelTask.mutate({ taskId: 'canceled' });
    await expect(waitForTask(client, 'canceled')).rejects.toThrow(/canceled/);
  });
});

describe('a tracked session', () => {
  const session = async (id: string) => client.session.getSession.query({ sessionId: id });

  it('stores its list with positions and its events', async () => {
    const tracker = trackSession({ url: world.url, apiKey: world.keys.clickstream, sessionId: 'tracked' });
    await tracker.show({ query: 'red boots', itemIds: ['a', 'b'], userId: 'u' });
    tracker.seen('a');
    tracker.track({ itemId: 'b', type: 'dwell', dwellSeconds: 9 });
    await tracker.close();
    const { shown, events, query, userId } = await session('tracked');
    expect({ query, userId }).toEqual({ query: 'red boots', userId: 'u' });
    expect(shown).toMatchObject([
      { itemId: 'a', position: 1 },
      { itemId: 'b', position: 2 },
    ]);
    expect(events.map(({ itemId, type, position }) => [itemId, type, position]).sort()).toEqual([
      ['a', 'seen', 1],
      ['b', 'dwell', 2],
    ]);
  });

  it('takes beacons as browsers send them: plain text, the key inside', async () => {
    await client.session.registerSession.mutate({ sessionId: 'beacon', query: 'q', shown: [{ itemId: 'a' }] });
    const events = [{ session_id: 'beacon', event_id: 'e', object_id: 'a' }];
    const send = (api_key: string, text = JSON.stringify({ api_key, events })) =>
      fetch(`${world.url}/api/v1/clickstream/beacon`, { method: 'POST', body: text }).then(({ status }) => status);
    expect(await send('es_wrong')).toBe(401);
    expect(await send(world.keys.search)).toBe(403);
    expect(await send('', '{"api_key": ')).toBe(422);
    expect(await send(world.keys.clickstream)).toBe(200);
    expect(await send(world.keys.clickstream)).toBe(200);
    expect((await session('beacon')).events).toMatchObject([{ eventId: 'e', type: 'click' }]);
  });
});
