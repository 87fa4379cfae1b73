import { describe, expect, it } from 'vitest';
import {
  cleanSessions,
  findExclusions,
  findFlaw,
  isBotAgent,
  normaliseQuery,
  sessionsToJudgedQueries,
  sessionsToTrainingQueries,
  sessionToJudgedQuery,
  sessionToTrainingQuery,
  type TrainingQueryOptions,
  weighClicks,
} from '../../src/clicks/index.ts';
import { at, makeSession, type SessionCase } from './session-cases.ts';

function train(given: SessionCase, options?: TrainingQueryOptions) {
  const result = sessionToTrainingQuery(makeSession(given), options);
  if ('dropped' in result) throw new TypeError(`dropped: ${result.dropped}`);
  return result.query;
}

describe('findFlaw', () => {
  it.each([
    ['marked_irrelevant', { isIrrelevant: true }],
    ['empty_query', { query: ' ?! ' }],
    ['no_shown_list', { shown: [] }],
    ['no_clicks', { clicked: [] }],
    ['no_clicks', { events: [{ itemId: 'c', type: 'seen' }] }],
    ['clicks_outside_list', { clicked: ['c', 'z'] }],
    ['bot_agent', { exclusions: ['bot_agent'] }],
    ['no_clicks', { events: [{ itemId: 'c', type: 'some_other_thing' }] }],
    ['no_clicks', { events: [{ itemId: 'c' }, { itemId: 'c', type: 'dislike' }] }],
    ['impossible_dwell', { events: [{ itemId: 'c', dwellSeconds: 3_600 }] }],
    ['clicked_nearly_all', { shown: ['a', 'b', 'c', 'd', 'e'], clicked: ['a', 'b', 'c', 'd'] }],
  ] as [string, SessionCase][])('names %s', (reason, given) => {
    expect(findFlaw(makeSession(given))).toBe(reason);
    expect(sessionToTrainingQuery(makeSession(given))).toEqual({ dropped: reason });
    expect(sessionToJudgedQuery(makeSession(given))).toEqual({ dropped: reason });
  });

  it('keeps a short list that was clicked through, and a long one clicked below the limit', () => {
    expect(findFlaw(makeSession({ shown: ['a', 'b'], clicked: ['a', 'b'] }))).toBeNull();
    expect(findFlaw(makeSession({ shown: ['a', 'b', 'c', 'd', 'e', 'f'], clicked: ['a', 'b', 'c', 'd'] }))).toBeNull();
  });

  it('names a burst of clicks that no reader makes, but not one imported with equal times', () => {
    const shown = Array.from({ length: 60 }, (_, index) => `i${index}`);
    const events = shown.slice(0, 35).map((itemId, index) => ({ itemId, createdAt: at(index) }));
    expect(findFlaw(makeSession({ shown, events }))).toBe('clicks_too_fast');
    expect(findFlaw(makeSession({ shown, clicked: shown.slice(0, 35) }))).toBeNull();
  });
});

describe('cleanSessions', () => {
  it('counts a page that a user fetched again once, the last time', () => {
    const fetches = [0, 2, 4].map((minute) => makeSession({ id: `s${minute}`, userId: 'u', minute }));
    const { usable, dropped } = cleanSessions([...fetches, makeSession({ id: 'later', userId: 'u', minute: 60 })]);
    expect(usable.map(({ sessionId }) => sessionId)).toEqual(['s4', 'later']);
    expect(dropped).toEqual({ duplicate: 2 });
  });

  it('does not take visitors without a name for one another', () => {
    expect(cleanSessions([makeSession({ id: 'x' }), makeSession({ id: 'y' })]).usable).toHaveLength(2);
  });

  it('counts every dropped session under one reason', () => {
    const sessions = [makeSession({}), makeSession({ clicked: [] }), makeSession({ clicked: [], isIrrelevant: true })];
    expect(cleanSessions(sessions).dropped).toEqual({ no_clicks: 1, marked_irrelevant: 1 });
  });
});

describe('users', () => {
  const many = (count: number, given: (index: number) => SessionCase) =>
    Array.from({ length: count }, (_, index) => makeSession({ id: `s${index}`, userId: 'u', ...given(index) }));

  it('that ask faster than anybody reads are left out whole, nobody else is', () => {
    const fast = many(40, (index) => ({ query: `query ${index}`, minute: index / 60 }));
    const { usable, dropped } = cleanSessions([...fast, makeSession({ id: 'calm', userId: 'other' })]);
    expect(dropped).toEqual({ user_too_fast: 40 });
    expect(usable.map(({ sessionId }) => sessionId)).toEqual(['calm']);
    expect(cleanSessions(fast.map((session) => ({ ...session, userId: undefined }))).usable).toHaveLength(40);
  });

  it('that push one item are told from those who read many', () => {
    const pusher = many(60, (index) => ({ query: `query ${index}`, minute: index, clicked: ['b'] }));
    expect(findExclusions(pusher)).toHaveLength(60);
    expect(cleanSessions(pusher).dropped).toEqual({ user_one_item: 60 });
    const clicked = ['a', 'b', 'c', 'd'];
    const reader = many(60, (index) => ({
      query: `query ${index}`,
      minute: index,
      clicked: [clicked[index % 4] ?? ''],
    }));
    expect(findExclusions(reader)).toEqual([]);
  });

  it('are judged once: what is stored already is not reported again', () => {
    const [session] = many(1, () => ({ clicked: ['z'] }));
    if (session === undefined) throw new TypeError('no session');
    expect(findExclusions([session])).toEqual([{ sessionId: 's0', reasons: ['clicks_outside_list'] }]);
    expect(findExclusions([{ ...session, exclusions: ['clicks_outside_list'] }])).toEqual([]);
  });
});

describe('isBotAgent', () => {
  it('knows robots by what they call themselves, and no browser', () => {
    const robots = ['Googlebot/2.1', 'curl/8.5.0', 'python-requests/2.31', 'HeadlessChrome/120', 'quepid-nightly-bot'];
    expect(robots.filter((agent) => !isBotAgent(agent))).toEqual([]);
    const people = [
      'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1',
      '5e3b2a1c-8b7d-4f2e-a3d4-c9b2e1f3a4b5',
    ];
    expect(people.filter(isBotAgent)).toEqual([]);
  });
});

describe('lists marked as irrelevant', () => {
  const marked = makeSession({ id: 'no', query: 'Red shoes!', clicked: [], isIrrelevant: true });

  it('count against what they showed when others ask the same', () => {
    const { queries, dropped } = sessionsToTrainingQueries([makeSession({ clicked: ['b'] }), marked]);
    expect(queries[0]?.skipped.sort()).toEqual(['a', 'c', 'd', 'e', 'f']);
    expect(dropped).toEqual({});
  });

  it('never make an item both wanted and passed over for one query', () => {
    const { queries } = sessionsToTrainingQueries([
      makeSession({ id: 's1', clicked: ['b'] }),
      makeSession({ id: 's2', clicked: ['e'] }),
      marked,
    ]);
    // `b` is passed over by the second session itself, never because of the mark.
    expect(queries[0]?.skipped).not.toContain('e');
    expect(queries[0]?.skipped).toContain('f');
  });

  it('lower the grade of what was clicked elsewhere', () => {
    const { judged } = sessionsToJudgedQueries([makeSession({ clicked: ['b'] }), marked]);
    expect(judged).toMatchObject([{ relevant: { b: 0.5 } }]);
  });

  it('teach nothing alone, and nothing when a robot marked them', () => {
    expect(sessionsToTrainingQueries([marked])).toEqual({ queries: [], dropped: { marked_irrelevant: 1 } });
    const robot = { ...marked, exclusions: ['bot_agent' as const] };
    const { queries, dropped } = sessionsToTrainingQueries([makeSession({ clicked: ['b'] }), robot]);
    expect(queries[0]?.skipped).toEqual(['a', 'c']);
    expect(dropped).toEqual({ bot_agent: 1 });
  });
});

describe('weighClicks', () => {
  it('joins a stay that is reported on its own with the click on the same item', () => {
    const events = [{ itemId: 'a' }, { itemId: 'a', type: 'dwell', dwellSeconds: 300 }];
    expect(weighClicks(makeSession({ events })).get('a')).toBeCloseTo(0.9902, 4);
  });

  it('meets the satisfaction formula at the half-dwell, long after and on a quick return', () => {
    const dwell = (dwellSeconds: number) =>
      weighClicks(makeSession({ events: [{ itemId: 'a', meta: { dwellSeconds } }] })).get('a');
    expect(dwell(29)).toBeCloseTo(0.5, 12);
    // σ((ln 301 − ln 30) / .5)
    expect(dwell(300)).toBeCloseTo(0.9902, 4);
    expect(dwell(4)).toBe(0.1);
    expect(weighClicks(makeSession({ clicked: ['a'] })).get('a')).toBe(0.5);
  });

  it('prefers stronger events, favours the last one and stops at the cap', () => {
    const weights = weighClicks(
      makeSession({
        events: [
          { itemId: 'a', createdAt: at(1) },
          { itemId: 'a', type: 'Cart', createdAt: at(2) },
          { itemId: 'b', createdAt: at(3) },
          { itemId: 'c', type: 'purchase', meta: { dwellSeconds: 9999 }, createdAt: at(4) },
        ],
      }),
    );
    expect(weights.get('a')).toBe(1.5);
    expect(weights.get('b')).toBe(0.5);
    expect(weights.get('c')).toBe(5);
    const last = weighClicks(
      makeSession({
        events: [
          { itemId: 'a', createdAt: at(1) },
          { itemId: 'b', createdAt: at(2) },
        ],
      }),
    );
    expect([last.get('a'), last.get('b')]).toEqual([0.5, 0.6]);
  });
});

describe('sessionToTrainingQuery', () => {
  it('takes items above the lowest click and the next one as passed over, nothing below', () => {
    expect(train({ clicked: ['b', 'd'] }).skipped).toEqual(['a', 'c', 'e']);
    expect(train({ clicked: ['a'] }).skipped).toEqual(['b']);
    expect(train({ clicked: ['f'] }).skipped).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('adds items that were reported as seen', () => {
    expect(train({ events: [{ itemId: 'a' }, { itemId: 'e', type: 'seen' }] }).skipped).toEqual(['b', 'e']);
  });

  it('takes the whole list where its order says nothing', () => {
    const whole = ['a', 'c', 'd', 'e', 'f'];
    expect(train({ clicked: ['b'], searchMeta: { order: 'random' } }).skipped).toEqual(whole);
    expect(train({ clicked: ['b'] }, { skipped: 'all' }).skipped).toEqual(whole);
    expect(train({ clicked: ['b'], searchMeta: { order: 'random' } }, { skipped: 'examined' }).skipped).toEqual([
      'a',
      'c',
    ]);
  });

  it('orders the list by position before rank', () => {
    const session = makeSession({ clicked: ['b'] });
    session.shown = session.shown.map((result, index) => ({ ...result, rank: index, position: 10 - index }));
    const result = sessionToTrainingQuery(session);
    expect('query' in result && result.query.skipped).toEqual(['f', 'e', 'd', 'c', 'a']);
  });

  it('adds what was rejected outright', () => {
    expect(train({ events: [{ itemId: 'a' }, { itemId: 'f', type: 'dislike' }] }).skipped).toEqual(['b', 'f']);
  });

  it('orders the list by rank where every result has one', () => {
    const session = makeSession({ clicked: ['b'] });
    session.shown = session.shown.map((result, index) => ({ ...result, rank: 10 - index }));
    const result = sessionToTrainingQuery(session);
    expect('query' in result && result.query.skipped).toEqual(['f', 'e', 'd', 'c', 'a']);
  });

  it('weighs a click on a rarely examined rank more, up to the cap, and keeps the total', () => {
    const query = train({ clicked: ['a', 'f'] }, { propensities: [1, 0.5, 0.4, 0.3, 0.25, 0.01] });
    const [first, sixth] = query.clicked.map(({ weight }) => weight);
    expect((sixth ?? 0) / (first ?? 1)).toBeCloseTo(10, 9);
    expect((first ?? 0) + (sixth ?? 0)).toBeCloseTo(1, 9);
  });

  it('never lists an item as both clicked and skipped, and counts what it drops', () => {
    const { queries, dropped } = sessionsToTrainingQueries([
      makeSession({ clicked: ['a', 'c'] }),
      makeSession({ clicked: [] }),
    ]);
    const [query] = queries;
    expect(query?.clicked.map(({ itemId }) => itemId)).toEqual(['a', 'c']);
    expect(query?.skipped).toEqual(['b', 'd']);
    expect(dropped).toEqual({ no_clicks: 1 });
  });
});

describe('judged queries', () => {
  it('clicked is relevant, shown is judged', () => {
    const result = sessionToJudgedQuery(makeSession({ clicked: ['c', 'a'] }));
    expect('judged' in result && result.judged).toEqual({
      queryId: 's1',
      text: 'red shoes',
      relevant: { a: 1, c: 1 },
      judged: ['a', 'b', 'c', 'd', 'e', 'f'],
    });
  });

  it('makes one query of all sessions that ask the same, graded by click share', () => {
    const { judged } = sessionsToJudgedQueries([
      makeSession({ id: 's1', query: 'Red  shoes', clicked: ['a'] }),
      makeSession({ id: 's2', query: 'red-shoes!', clicked: ['a', 'b'], shown: ['a', 'b', 'z'] }),
      makeSession({ id: 's3', query: 'blue shoes', clicked: ['c'] }),
    ]);
    expect(judged).toHaveLength(2);
    expect(judged[0]?.relevant).toEqual({ a: 1, b: 0.5 });
    expect(judged[0]?.judged).toContain('z');
  });
});

describe('normaliseQuery', () => {
  it('keeps the letters and vowel signs of every script', () => {
    expect(normaliseQuery('  Fast & FURIOUS 9,  हिन्दी ')).toBe('fast furious 9 हिन्दी');
    expect(normaliseQuery('ﬁlm')).toBe('film');
  });
});
