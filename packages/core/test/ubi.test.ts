import { describe, expect, test } from 'vitest';
import { toEvent, toSession, UbiEvent, UbiQuery } from '../src/session/ubi.ts';

const query = {
  application: 'shop',
  query_id: '00112233-4455-6677-8899-aabbccddeeff',
  client_id: 'browser-1',
  user_query: 'red boots',
  query_attributes: { experiment: 'b' },
  timestamp: '2026-05-01T10:00:00',
  query_response_id: 'r1',
  query_response_hit_ids: ['a', 'b', 7],
  channel: 'app',
};
const event = {
  application: 'shop',
  action_name: 'add_to_cart',
  query_id: query.query_id,
  session_id: 'visit-1',
  client_id: 'browser-1',
  timestamp: '2026-05-01T12:00:30+02:00',
  event_attributes: { object: { object_id: 7, colour: 'red' }, position: { ordinal: 3 }, dwell_time: 12, page: 'home' },
};

describe('a query of UBI', () => {
  test('becomes a session whose list has positions; what the standard does not name is kept', () => {
    expect(toSession(UbiQuery.parse(query))).toMatchObject({
      sessionId: query.query_id,
      query: 'red boots',
      shown: [
        { itemId: 'a', position: 1 },
        { itemId: 'b', position: 2 },
        { itemId: '7', position: 3 },
      ],
      userId: 'browser-1',
      searchMeta: { ubi: { application: 'shop', channel: 'app', query_attributes: { experiment: 'b' } } },
      createdAt: new Date(Date.UTC(2026, 4, 1, 10)),
    });
  });

  test('belongs to the person rather than to the browser', () => {
    expect(toSession(UbiQuery.parse({ ...query, user_id: 'ann' })).userId).toBe('ann');
    expect(toSession(UbiQuery.parse({ ...query, user_id: '', client_id: undefined })).userId).toBeUndefined();
  });

  test.each([
    [{ ...query, user_query: undefined }],
    [{ ...query, timestamp: 'yesterday' }],
    [{ ...query, junk: 'x'.repeat(9_000) }],
  ])('that breaks the standard or its limits is refused', (broken) => {
    expect(UbiQuery.safeParse(broken).success).toBe(false);
  });
});

describe('an event of UBI', () => {
  test('becomes an event with position and stay, in UTC', () => {
    expect(toEvent(UbiEvent.parse(event))).toMatchObject({
      ...{ sessionId: query.query_id, itemId: '7', type: 'add_to_cart', position: 3, dwellSeconds: 12 },
      createdAt: new Date(Date.UTC(2026, 4, 1, 10, 0, 30)),
      meta: { ubi: { session_id: 'visit-1', page: 'home' } },
    });
  });

  test('is the same event when sent again, and another one when anything about it differs', () => {
    const idOf = (change: object) => toEvent(UbiEvent.parse({ ...event, ...change }))?.eventId;
    expect(idOf({})).toBe(idOf({ timestamp: '2026-05-01T10:00:30Z' }));
    const others = [{ action_name: 'click' }, { client_id: 'browser-2' }, { timestamp: '2026-05-01T10:00:31Z' }];
    expect(new Set([idOf({}), ...others.map(idOf)]).size).toBe(4);
  });

  test('about no object or of no query says nothing', () => {
    expect(toEvent(UbiEvent.parse({ action_name: 'login', timestamp: query.timestamp }))).toBeNull();
    expect(toEvent(UbiEvent.parse({ ...event, query_id: undefined }))).toBeNull();
  });
});
