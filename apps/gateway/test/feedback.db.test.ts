import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, api, type GatewayWorld, startGatewayWorld } from './gateway-world.ts';

let world: GatewayWorld;

beforeAll(async () => {
  world = await startGatewayWorld();
});
afterAll(() => world?.stop());

const post = (path: string, body: unknown): Promise<Answer> =>
  world.call('POST', api(`/clickstream${path}`), { key: world.keys.clickstream, body });
const read = (path: string): Promise<Answer> =>
  world.call('GET', api(`/clickstream${path}`), { key: world.keys.clickstream });
const nowSeconds = () => Math.floor(Date.now() / 1000);

async function openSession(id: string): Promise<void> {
  const search_results = ['a', 'b', 'c'].map((object_id, index) => ({ object_id, position: index + 1 }));
  await post('/session', { session_id: id, search_query: 'red boots', search_results });
}

describe('a batch of events', () => {
  it('takes what can be taken and names the rest with its place and reason', async () => {
    await openSession('batch-1');
    await openSession('batch-2');
    const event = (session_id: string, event_id: string, more: object = {}) => ({
      ...{ session_id, event_id, object_id: 'a', created_at: nowSeconds() },
      ...more,
    });
    const first = event('batch-1', 'e1', { event_type: 'dwell', dwell_time: 12.5, position: 1 });
    expect(await post('/events/batch', { events: [first, event('batch-2', 'e1')] })).toMatchObject({
      ...{ status: 200, body: { created: 2, duplicates: 0, refused: [] } },
    });
    const second = await post('/events/batch', {
      events: [
        first,
        event('nobody', 'e1'),
        { ...first, object_id: 'b' },
        event('batch-1', 'old', { created_at: nowSeconds() - 13 * 3_600 }),
        event('batch-1', 'early', { created_at: nowSeconds() + 400 }),
        event('batch-1', 'odd', { event_type: 'wobble' }),
      ],
    });
    expect(second).toMatchObject({ status: 200, body: { created: 1, duplicates: 1, unknown_types: 1 } });
    expect(second.body.refused).toEqual([
      { index: 1, session_id: 'nobody', event_id: 'e1', code: 'SESSION_NOT_FOUND' },
      { index: 2, session_id: 'batch-1', event_id: 'e1', code: 'EVENT_CONFLICT' },
      { index: 3, session_id: 'batch-1', event_id: 'old', code: 'TIME_OUTSIDE_WINDOW' },
      { index: 4, session_id: 'batch-1', event_id: 'early', code: 'TIME_OUTSIDE_WINDOW' },
    ]);
    const stored = (await read('/session?session_id=batch-1')).body;
    expect(stored.search_results).toMatchObject([{ position: 1 }, { position: 2 }, { position: 3 }]);
    expect((stored.events as { event_id: string }[]).map(({ event_id }) => event_id).sort()).toEqual(['e1', 'odd']);
    expect(stored.events).toContainEqual(expect.objectContaining({ dwell_time: 12.5, position: 1 }));
  });

  it.each([
    ['none', { events: [] }, 'events'],
    [
      'a stay of more than a day',
      { events: [{ session_id: 's', event_id: 'e', object_id: 'a', dwell_time: 90_000 }] },
      'dwell_time',
    ],
    [
      'meta beyond its limit',
      { events: [{ session_id: 's', event_id: 'e', object_id: 'a', meta: { x: 'x'.repeat(9_000) } }] },
      'meta',
    ],
  ])('with %s is refused and the field named', async (_what, body, field) => {
    const answer = await post('/events/batch', body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'INPUT_INVALID' } });
    expect(answer.body.field).toContain(field);
  });

  it('needs a key for the clickstream', async () => {
    const body = { events: [{ session_id: 's', event_id: 'e', object_id: 'a' }] };
    const answer = await world.call('POST', api('/clickstream/events/batch'), { key: world.keys.search, body });
    expect(answer.status).toBe(403);
  });
});

describe('UBI 1.3', () => {
  const timestamp = () => new Date().toISOString();
  const query = () => ({
    ...{ application: 'shop', query_id: 'ubi-1', client_id: 'browser-7', user_query: 'tents', timestamp: timestamp() },
    ...{ query_response_id: 'r1', query_response_hit_ids: ['a', 'b', 'c'], query_attributes: { lane: 'b' } },
  });
  const event = (action_name: string, object_id?: string) => ({
    ...{ action_name, query_id: 'ubi-1', client_id: 'browser-7', timestamp: '2026-11-22T10:00:00.000Z' },
    event_attributes: { position: { ordinal: 2 }, ...(object_id && { object: { object_id } }) },
  });

  it('is taken as sessions and events, and twice is once', async () => {
    const events = [event('click_through', 'b'), event('impression', 'a'), event('on_search')].map((one) => ({
      ...one,
      timestamp: new Date(Date.now() - 60_000).toISOString(),
    }));
    const body = { queries: [query()], events };
    expect(await post('/ubi', body)).toMatchObject({
      status: 200,
      body: { sessions_created: 1, created: 2, ignored: 1, refused: [], queries_refused: [] },
    });
    expect((await post('/ubi', body)).body).toMatchObject({ sessions_created: 0, created: 0, duplicates: 2 });
    const session = (await read('/session?session_id=ubi-1')).body;
    expect(session).toMatchObject({
      ...{ search_query: 'tents', user_id: 'browser-7' },
      search_results: [{ object_id: 'a', position: 1 }, { object_id: 'b' }, { object_id: 'c' }],
      search_meta: { ubi: { application: 'shop', query_attributes: { lane: 'b' } } },
    });
    expect(session.events).toContainEqual(expect.objectContaining({ object_id: 'b', event_type: 'click_through' }));
  });

  it('from a broken clock or of an unknown query is refused with its place', async () => {
    const old = '2020-01-01T00:00:00Z';
    const answer = await post('/ubi', {
      queries: [{ ...query(), query_id: 'ubi-old', timestamp: old }],
      events: [event('login'), { ...event('click', 'a'), timestamp: old }],
    });
    expect(answer.body).toMatchObject({
      queries_refused: [{ index: 0, query_id: 'ubi-old', code: 'TIME_OUTSIDE_WINDOW' }],
      refused: [{ index: 1, code: 'TIME_OUTSIDE_WINDOW' }],
    });
    const broken = await post('/ubi', { queries: [{ user_query: 'x' }] });
    expect(broken).toMatchObject({ status: 422, body: { field: 'queries.0.query_id' } });
  });

  it('of a robot that says so is kept apart and counted', async () => {
    await post('/ubi', { queries: [{ ...query(), query_id: 'ubi-bot', client_id: 'nightly-bot' }] });
    expect((await read('/session?session_id=ubi-bot')).body.exclusions).toEqual(['bot_agent']);
    expect((await read('/exclusions')).body).toEqual({ counts: { bot_agent: 1 } });
  });
});
