import { setTimeout as sleep } from 'node:timers/promises';
import { type Scope, StudioError } from '@embedding-studio/contracts';
import {
  authenticate,
  authorise,
  type Ctx,
  createApiKey,
  deleteItems,
  importSessions,
  listApiKeys,
  pushEvents,
  registerSession,
  requestUpsertion,
  revokeApiKey,
  rotateApiKey,
  searchItems,
} from '@embedding-studio/core';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop, requestTuning, world } from './rollout-world.ts';

let studio: TestStudio;
let ctx: Ctx;
beforeAll(async () => {
  studio = await openShop();
  ctx = studio.ctx;
});
afterAll(() => studio.close());

const breakEncoder = (code: 'MODEL_SERVER_UNAVAILABLE' | 'MODEL_INVALID'): Ctx => ({
  ...ctx,
  deps: {
    ...ctx.deps,
    encoder: {
      embed: async () => {
        throw new StudioError(code, 'broken on purpose');
      },
    },
  },
});

describe('searchItems', () => {
  test('pages are slices of one order', async () => {
    const query = 'red boots made of oak';
    const whole = await searchItems({ ctx, input: { query, limit: 20 } });
    const second = await searchItems({ ctx, input: { query, limit: 10, offset: 10 } });
    expect(second.hits).toEqual(whole.hits.slice(10));
    expect(whole.hits[0]?.itemId).toBe('boots-0');
  });

  test('a model server that is away leaves a search by words, and the answer says so', async () => {
    const result = await searchItems({ ctx: breakEncoder('MODEL_SERVER_UNAVAILABLE'), input: { query: 'boots' } });
    expect(result.degraded).toEqual(['lexical_only']);
    expect(result.hits.every(({ itemId, distance }) => itemId.startsWith('boots') && distance === 1)).toBe(true);
    expect(result.hits.length).toBeGreaterThan(0);
  });

  test('a search by meaning alone fails openly instead, and a broken model is never hidden', async () => {
    const away = breakEncoder('MODEL_SERVER_UNAVAILABLE');
    await expect(searchItems({ ctx: away, input: { query: 'boots', legs: 'vector' } })).rejects.toMatchObject({
      code: 'MODEL_SERVER_UNAVAILABLE',
    });
    await expect(searchItems({ ctx: breakEncoder('MODEL_INVALID'), input: { query: 'boots' } })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
    });
  });

  test('a search can leave a session with what was shown, by which model', async () => {
    const result = await searchItems({ ctx, input: { query: 'lamps', limit: 3, createSession: true, userId: 'u' } });
    const session = await ctx.deps.sessions.getSession(result.sessionId ?? '');
    expect(session.shown.map(({ itemId }) => itemId)).toEqual(result.hits.map(({ itemId }) => itemId));
    expect(session).toMatchObject({ query: 'lamps', modelId: result.modelId, collectionId: result.collectionId });
  });

  test('what visitors do is kept while the database of the audit log is away', async () => {
    const audit = { ...ctx.deps.audit, record: () => Promise.reject(new StudioError('STORE_UNAVAILABLE', 'away')) };
    const away: Ctx = { ...ctx, deps: { ...ctx.deps, audit } };
    const found = await searchItems({
      ctx: away,
      input: { query: 'lamps', createSession: true, sessionId: 'no audit' },
    });
    expect(found).toMatchObject({ sessionId: 'no audit', degraded: [] });
    const events = [{ eventId: 'e', itemId: found.hits[0]?.itemId ?? '' }];
    expect(await pushEvents({ ctx: away, input: { sessionId: 'no audit', events } })).toMatchObject({ created: 1 });
    expect((await ctx.deps.sessions.getSession('no audit')).events).toHaveLength(1);
  });

  test('faulty input names its field', async () => {
    const faults = { query: { query: '' }, limit: { query: 'a', limit: 0 }, offset: { query: 'a', offset: -1 } };
    for (const [field, input] of Object.entries(faults))
      await expect(searchItems({ ctx, input })).rejects.toMatchObject({ code: 'INPUT_INVALID', field });
  });
});

describe('sessions', () => {
  const session = { sessionId: 'mine', query: 'red lamps', shown: [{ itemId: 'lamps-0' }] };

  test('the first write of a session wins, and events are counted once', async () => {
    expect(await registerSession({ ctx, input: session })).toEqual({ created: true });
    expect(await registerSession({ ctx, input: { ...session, query: 'other' } })).toEqual({ created: false });
    const events = [{ eventId: 'e', itemId: 'lamps-0' }];
    expect(await pushEvents({ ctx, input: { sessionId: 'mine', events } })).toEqual({ created: 1, duplicates: 0 });
    expect((await ctx.deps.sessions.getSession('mine')).query).toBe('red lamps');
  });

  test('an event of an unknown session and one from a broken clock are refused', async () => {
    const events = [{ eventId: 'e', itemId: 'lamps-0' }];
    await expect(pushEvents({ ctx, input: { sessionId: 'nobody', events } })).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
    });
    const old = [{ eventId: 'old', itemId: 'lamps-0', createdAt: new Date(Date.now() - 13 * 3_600_000) }];
    await expect(pushEvents({ ctx, input: { sessionId: 'mine', events: old } })).rejects.toMatchObject({
      code: 'TIMESTAMP_INVALID',
      field: 'events.0.createdAt',
    });
  });

  test('importing twice changes nothing', async () => {
    expect(await importSessions({ ctx, input: { sessions: world.sessions } })).toEqual({
      sessionsCreated: 0,
      eventsCreated: 0,
    });
  });
});

describe('API keys', () => {
  const open = (secret: string | null) => authenticate({ deps: ctx.deps, secret });
  const refused = { code: 'UNAUTHENTICATED' };

  test('a key opens what its scopes say until it is revoked, and its secret is stored nowhere', async () => {
    const { key, secret } = await createApiKey({ ctx, input: { name: 'shop', scopes: ['search'] } });
    const { actor } = await open(secret);
    expect(actor).toEqual({ kind: 'apiKey', keyId: key.id, scopes: ['search'] });
    await expect(searchItems({ ctx: { ...ctx, actor }, input: { query: 'boots' } })).resolves.toBeDefined();
    await expect(requestUpsertion({ ctx: { ...ctx, actor }, input: { items: [{ id: 'x' }] } })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(JSON.stringify(await listApiKeys({ ctx, input: {} }))).not.toContain(secret);
    await revokeApiKey({ ctx, input: { keyId: key.id } });
    await expect(open(secret)).rejects.toMatchObject(refused);
  });

  test('a rotated key answers to both secrets for the overlap, then to the new one alone', async () => {
    const { key, secret: first } = await createApiKey({ ctx, input: { name: 'turn', scopes: ['search'] } });
    const { secret: second } = await rotateApiKey({ ctx, input: { keyId: key.id, overlapHours: 2 } });
    expect(second).not.toBe(first);
    for (const secret of [first, second]) expect((await open(secret)).actor.keyId).toBe(key.id);
    const { secret: third } = await rotateApiKey({ ctx, input: { keyId: key.id, overlapHours: 2 } });
    await expect(open(first)).rejects.toMatchObject(refused);
    const later = { now: () => new Date(Date.now() + 2 * 3_600_000 + 1_000) };
    const openLater = (secret: string) => authenticate({ deps: { ...ctx.deps, clock: later }, secret });
    await expect(openLater(second)).rejects.toMatchObject(refused);
    expect((await openLater(third)).actor.keyId).toBe(key.id);
    await revokeApiKey({ ctx, input: { keyId: key.id } });
    for (const secret of [second, third]) await expect(open(secret)).rejects.toMatchObject(refused);
    await expect(rotateApiKey({ ctx, input: { keyId: key.id } })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('a key bound to collections reaches those alone, whether named or live', async () => {
    const live = (await ctx.deps.collections.findLive())?.collectionId ?? '';
    const other = await ctx.deps.collections.createCollection({
      ...{ modelId: 'm', dims: 3, ranking: (await ctx.deps.collections.getCollection(live)).ranking },
    });
    const actorOf = async (collections: string[]) => {
      const { secret } = await createApiKey({ ctx, input: { name: 'bound', scopes: ['search'], collections } });
      return (await open(secret)).actor;
    };
    const query = { query: 'boots' };
    for (const bound of [['live'], [live]]) {
      const actor = await actorOf(bound);
      await expect(searchItems({ ctx: { ...ctx, actor }, input: query })).resolves.toBeDefined();
      expect(() => authorise({ actor }, 'collection.read', live)).not.toThrow();
      expect(() => authorise({ actor }, 'collection.read', other.id)).toThrow(/bound/);
    }
    const stranger = await actorOf([other.id]);
    const search = searchItems({ ctx: { ...ctx, actor: stranger }, input: query });
    await expect(search).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(() => authorise({ actor: stranger }, 'collection.read', other.id)).not.toThrow();
    await ctx.deps.collections.dropCollection(other.id);
  });

  test('a key is not bound to a collection that is not there, and an admin key to none', async () => {
    const make = (scopes: Scope[], collections: string[]) =>
      createApiKey({ ctx, input: { name: 'bound', scopes, collections } });
    await expect(make(['search'], ['col_none'])).rejects.toMatchObject({ code: 'COLLECTION_NOT_FOUND' });
    await expect(make(['admin'], ['live'])).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'collections' });
  });

  test('the last use of a key is remembered, with its address', async () => {
    const { key, secret } = await createApiKey({ ctx, input: { name: 'used', scopes: ['search'] } });
    expect(key).toMatchObject({ lastUsedAt: null, lastFour: secret.slice(-4), prefix: secret.slice(0, 8) });
    await authenticate({ deps: ctx.deps, secret, ip: '192.0.2.7' });
    const find = async () => (await listApiKeys({ ctx, input: {} })).find(({ id }) => id === key.id);
    while ((await find())?.lastUsedAt === null) await sleep(10);
    expect(await find()).toMatchObject({ lastUsedIp: '192.0.2.7' });
  });

  test('missing, unknown and expired keys are refused alike', async () => {
    const past = new Date(Date.now() - 1_000);
    const { secret } = await createApiKey({ ctx, input: { name: 'old', scopes: ['search'], expiresAt: past } });
    for (const key of [null, '', 'es_wrong', secret, 'x'.repeat(5_000)])
      await expect(open(key)).rejects.toMatchObject(refused);
  });
});

describe('items', () => {
  test('an item that cannot be embedded fails alone and is named', async () => {
    const poisoned: Ctx['deps'] = {
      ...ctx.deps,
      encoder: {
        embed: async (request) => {
          if (request.texts.some((text) => text.includes('poison'))) throw new StudioError('MODEL_INVALID', 'NaN');
          return ctx.deps.encoder.embed(request);
        },
      },
    };
    const items = Array.from({ length: 10 }, (_, index) => ({
      id: `new-${index}`,
      title: index === 4 ? 'poison' : 'fine',
    }));
    await requestUpsertion({ ctx, input: { id: 'mixed', items } });
    await drainTasks(poisoned);
    const task = await ctx.deps.tasks.getTask('mixed');
    expect(task.status).toBe('done');
    expect(task.failures).toEqual([{ itemId: 'new-4', stage: 'embed', detail: 'NaN' }]);
    await deleteItems({ ctx, input: { itemIds: items.map(({ id }) => id) } });
    expect(await ctx.deps.items.findItems(['new-0'])).toEqual([]);
  });

  test('what is written while a second collection is built is found in both', async () => {
    const { rollout } = await requestTuning(studio, 'second');
    await drainTasks(ctx.deps, { until: ({ kind }) => kind === 'verification' });
    await requestUpsertion({ ctx, input: { id: 'late', items: [{ id: 'late-1', title: 'purple boots 99' }] } });
    await drainTasks(ctx.deps);
    expect((await ctx.deps.rollouts.getRollout(rollout?.id ?? '')).state).toBe('live');
    for (const { id } of await ctx.deps.collections.listWriteTargets())
      expect(await ctx.deps.collections.getVectors(id, ['late-1'])).toHaveLength(1);
  });
});
