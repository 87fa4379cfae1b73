import type { QueryBucket, SessionFlag } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { quantities } from '../../src/analytics/quantities.ts';
import { compareQuery } from '../../src/analytics/query-rows.ts';
import { findHead } from '../../src/analytics/slice-buckets.ts';

interface Asked {
  searches: number;
  answered?: number;
  clicked?: number;
  satisfied?: number;
  dwelt?: number;
}

function makeQuery(query: string, { searches, answered = searches, clicked = 0, satisfied = 0, dwelt = 0 }: Asked) {
  const counts: Partial<Record<string, number>> = {
    ...{ '': searches, answered, clicked, zeroResult: searches - answered, noClick: answered - clicked },
    ...{ 'answered,satisfied': satisfied, dwelt },
  };
  const countOf = (where: readonly SessionFlag[]) => counts[where.join(',')] ?? 0;
  return { query, sums: quantities.map(({ measure, where = [] }) => (measure === 'sessions' ? countOf(where) : 0)) };
}

const losers = { order: 'losers', minSearches: 20 } as const;

test('a query loses the clicks that it would have got at its former rate', () => {
  const past = makeQuery('lamp', { searches: 100, clicked: 50 });
  const row = compareQuery(makeQuery('lamp', { searches: 200, clicked: 40 }), { ...losers, past });
  expect(row).toMatchObject({ clickRate: 0.2, previous: { clickRate: 0.5 }, isMaybeChance: false });
  expect(row?.weight).toBeCloseTo(60, 9);
});

test('a fall that chance explains is said to be one', () => {
  const past = makeQuery('lamp', { searches: 20, clicked: 5 });
  const row = compareQuery(makeQuery('lamp', { searches: 20, clicked: 4 }), { ...losers, past });
  expect(row).toMatchObject({ isMaybeChance: true });
});

test('no loser: a query that won, that is new, or that was asked too seldom in one of the periods', () => {
  const now = makeQuery('lamp', { searches: 100, clicked: 10 });
  for (const past of [
    makeQuery('lamp', { searches: 100, clicked: 10 }),
    makeQuery('lamp', { searches: 19, clicked: 19 }),
    makeQuery('lamp', { searches: 500, answered: 0 }),
    undefined,
  ])
    expect(compareQuery(now, { ...losers, past })).toBeNull();
});

test('satisfaction is unknown where no dwell times were sent, and then nothing of it can be lost', () => {
  const past = makeQuery('lamp', { searches: 100, clicked: 50, satisfied: 30, dwelt: 50 });
  const now = { searches: 100, clicked: 50, satisfied: 5 };
  const asked = { order: 'unsatisfied', minSearches: 20, past } as const;
  expect(compareQuery(makeQuery('lamp', now), asked)).toBeNull();
  expect(compareQuery(makeQuery('lamp', { ...now, dwelt: 50 }), asked)).toMatchObject({
    satisfiedRate: 0.05,
    weight: 25,
  });
});

test('lists of failures hold only queries that failed, with how often', () => {
  const now = makeQuery('lamp', { searches: 10, answered: 7, clicked: 7 });
  expect(compareQuery(now, { ...losers, order: 'zero', past: undefined })).toMatchObject({ weight: 3, previous: null });
  expect(compareQuery(now, { ...losers, order: 'unclicked', past: undefined })).toBeNull();
});

test('frequent queries are those that make half of the searches', () => {
  const at = (hours: number, queries: QueryBucket['queries']): QueryBucket => ({
    ...{ size: 'hour', from: new Date(hours * 3_600_000), queries },
  });
  const lists = [
    at(0, [makeQuery('a', { searches: 30 }), makeQuery('b', { searches: 10 })]),
    at(1, [makeQuery('b', { searches: 15 }), makeQuery('c', { searches: 5 })]),
  ];
  expect([...findHead(lists, 100)]).toEqual(['a', 'b']);
  expect([...findHead(lists, 60)]).toEqual(['a']);
  expect([...findHead(lists, 1_000)]).toEqual(['a', 'b', 'c']);
});
