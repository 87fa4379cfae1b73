import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, api, type GatewayWorld, startGatewayWorld } from './gateway-world.ts';

let world: GatewayWorld;

beforeAll(async () => {
  world = await startGatewayWorld();
});
afterAll(() => world?.stop());

const post = (path: string, body: unknown): Promise<Answer> =>
  world.call('POST', api(`/clickstream${path}`), { key: world.keys.clickstream, body });
const read = async (id: string) =>
  world.call('GET', api(`/clickstream/session?session_id=${encodeURIComponent(id)}`), { key: world.keys.clickstream });
const nowSeconds = () => Math.floor(Date.now() / 1000);
const shown = [{ object_id: 'a', rank: 0.9, meta: { shelf: 3 } }, { object_id: 'b' }];

async function openSession(id: string): Promise<void> {
  const answer = await post('/session', { session_id: id, search_query: 'red boots', search_results: shown });
  expect(answer).toMatchObject({ status: 200, body: null });
}

describe('a session', () => {
  it('comes back with its list in the order shown and with its events', async () => {
    const created = nowSeconds() - 60;
    const whole = {
      session_id: 'whole',
      search_query: 'red boots',
      search_results: shown,
      search_meta: { page: 'home', 'a.b': 1, $odd: true },
      user_id: 'user-1',
      created_at: created,
    };
    await post('/session', whole);
    await post('/session/events', {
      session_id: 'whole',
      events: [{ event_id: 'e1', object_id: 'b', created_at: created + 5, meta: { button: 'left' } }],
    });
    expect(await read('whole')).toMatchObject({
      status: 200,
      body: {
        ...whole,
        is_irrelevant: false,
        events: [
          {
            ...{ event_id: 'e1', object_id: 'b', event_type: 'click', created_at: created + 5 },
            meta: { button: 'left' },
          },
        ],
      },
    });
  });

  it('is stored once: the first write of an id wins', async () => {
    await openSession('twice');
    const again = await post('/session', { session_id: 'twice', search_query: 'changed', search_results: [] });
    expect(again.status).toBe(200);
    expect((await read('twice')).body).toMatchObject({ search_query: 'red boots' });
  });

  it('is stored once when many requests bring it at the same time', async () => {
    const body = (n: number) => ({ session_id: 'race', search_query: `query ${n}`, search_results: [] });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => post('/session', body(n))));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const first = (await read('race')).body.search_query;
    await post('/session', body(99));
    expect((await read('race')).body.search_query).toBe(first);
  });

  it('can be marked as without any good answer', async () => {
    await openSession('irrelevant');
    expect((await post('/session/irrelevant', { session_id: 'irrelevant' })).status).toBe(200);
    expect((await post('/session/irrelevant', { session_id: 'irrelevant' })).status).toBe(200);
    expect((await read('irrelevant')).body.is_irrelevant).toBe(true);
  });

  it.each([
    ['/session/irrelevant', { session_id: 'unknown' }],
    ['/session/events', { session_id: 'unknown', events: [{ event_id: 'e', object_id: 'a' }] }],
  ])('must exist for %s', async (path, body) => {
    expect(await post(path, body)).toMatchObject({ status: 404, body: { code: 'SESSION_NOT_FOUND' } });
    expect((await read('unknown')).status).toBe(404);
  });
});

describe('events', () => {
  it('are stored once per id', async () => {
    await openSession('events');
    const events = [{ event_id: 'same', object_id: 'a', created_at: nowSeconds() }];
    for (let i = 0; i < 3; i++)
      expect((await post('/session/events', { session_id: 'events', events })).status).toBe(200);
    expect((await read('events')).body.events).toHaveLength(1);
  });

  it('of the same id and another body are a conflict, and change nothing', async () => {
    await openSession('conflict');
    const at = nowSeconds();
    const push = (object_id: string) =>
      post('/session/events', { session_id: 'conflict', events: [{ event_id: 'e', object_id, created_at: at }] });
    expect((await push('a')).status).toBe(200);
    expect(await push('b')).toMatchObject({ status: 409, body: { code: 'EVENT_CONFLICT' } });
    expect((await read('conflict')).body.events).toMatchObject([{ object_id: 'a' }]);
  });

  it('of the same id in two sessions are two events', async () => {
    for (const id of ['one', 'two']) {
      await openSession(id);
      await post('/session/events', { session_id: id, events: [{ event_id: 'e', object_id: id }] });
    }
    expect((await read('one')).body.events).toMatchObject([{ object_id: 'one' }]);
    expect((await read('two')).body.events).toMatchObject([{ object_id: 'two' }]);
  });
});

describe('timestamps', () => {
  const hours = 3_600;
  const accepted: [string, number][] = [
    ['almost 12 hours ago', -12 * hours + 30],
    ['almost 5 minutes ahead', 5 * 60 - 30],
  ];
  const refused: [string, number][] = [
    ['more than 12 hours ago', -12 * hours - 30],
    ['more than 5 minutes ahead', 5 * 60 + 30],
  ];

  it.each(accepted)('%s are accepted', async (name, shift) => {
    const body = { session_id: `at ${name}`, search_query: 'q', search_results: [], created_at: nowSeconds() + shift };
    expect((await post('/session', body)).status).toBe(200);
  });

  it.each(refused)('%s are refused, for sessions and events alike', async (name, shift) => {
    const id = `refused ${name}`;
    const at = nowSeconds() + shift;
    const body = { session_id: id, search_query: 'q', search_results: [] };
    const early = await post('/session', { ...body, created_at: at });
    expect(early).toMatchObject({ status: 400, body: { code: 'TIMESTAMP_INVALID' } });
    expect(early.body.field).toBe('created_at');
    expect(early.body.detail).toContain('created_at must lie');
    expect((await read(id)).status).toBe(404);
    await post('/session', body);
    const events = [{ event_id: 'e', object_id: 'a', created_at: at }];
    const event = await post('/session/events', { session_id: id, events });
    expect(event).toMatchObject({ status: 400, body: { code: 'TIMESTAMP_INVALID' } });
    expect(event.body.field).toBe('events.0.created_at');
    expect((await read(id)).body.events).toEqual([]);
  });
});

describe('a batch', () => {
  it('is frozen once per release id, and later sessions go to the next one', async () => {
    await openSession('first batch');
    const release = (id: string) =>
      world.call('POST', api('/clickstream/internal/batch/release'), {
        key: world.keys.admin,
        body: { release_id: id },
      });
    const first = await release('r1');
    expect(first.status).toBe(200);
    expect((await release('r1')).body).toEqual(first.body);
    await openSession('second batch');
    const second = await release('r2');
    expect(second.body.batch_id).not.toBe(first.body.batch_id);
    const sessions = await world.studio.deps.sessions.listBatchSessions({
      ...{ batchId: String(second.body.batch_id), afterNumber: 0, limit: 10, eventsLimit: 10 },
    });
    expect(sessions.map(({ sessionId }) => sessionId)).toEqual(['second batch']);
  });
});
