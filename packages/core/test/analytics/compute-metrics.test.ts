import { metrics, type SessionEvent, type SessionTraits, type SessionWithEvents } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { computeMetric } from '../../src/analytics/compute-metrics.ts';
import { findContinuations } from '../../src/analytics/continuations.ts';
import { HourFold, sumCells } from '../../src/analytics/fold-facts.ts';
import { describeSession } from '../../src/analytics/session-facts.ts';
import type { Continuation } from '../../src/analytics/session-traits.ts';

const noon = new Date('2026-03-01T12:00:00Z');

function makeSession(sessionId: string, change: Partial<SessionWithEvents> = {}): SessionWithEvents {
  return {
    ...{ sessionId, query: 'red lamp', batchId: 'b', sessionNumber: 1, isIrrelevant: false, createdAt: noon },
    shown: ['a', 'b', 'c', 'd'].map((itemId, at) => ({ itemId, position: at + 1 })),
    events: [],
    ...change,
  };
}

function click(itemId: string, change: Partial<SessionEvent> = {}): SessionEvent {
  return { sessionId: 's', eventId: itemId, itemId, type: 'click', createdAt: noon, receivedAt: noon, ...change };
}

function figuresOf(given: readonly (SessionWithEvents | [SessionWithEvents, Continuation])[]) {
  const traits = new Map<string, SessionTraits>();
  const fold = new HourFold(traits);
  for (const one of given) {
    const [session, continuation] = Array.isArray(one) ? one : [one, null];
    const described = describeSession(session, continuation);
    traits.set(described.facts.traitsKey, described.traits);
    fold.add({ ...described.facts, sequence: 1 });
  }
  const { bucket, queries } = fold.take(noon);
  const counted = { cells: sumCells([bucket]), traits, users: [bucket.users] };
  const figures: Record<string, number | null> = {};
  for (const metric of metrics) figures[metric.id] = computeMetric(metric, counted);
  return { figures, queries };
}

test('a figure with nothing to divide by is null, and only mere counts are 0', () => {
  const { figures, queries } = figuresOf([]);
  const { searches, users, ...ratios } = figures;
  expect({ searches, users, queries }).toEqual({ searches: 0, users: 0, queries: [] });
  for (const [id, value] of Object.entries(ratios)) expect(value, id).toBeNull();
});

test('searches that do not say whose they are make no count of users', () => {
  expect(figuresOf([makeSession('s')]).figures).toMatchObject({ searches: 1, users: null });
  expect(figuresOf([makeSession('s', { userId: 'u' }), makeSession('t')]).figures.users).toBe(1);
});

test('queries without clicks have a click-through of 0, and no mean place', () => {
  const { figures } = figuresOf([makeSession('s')]);
  expect(figures).toMatchObject({ 'ctr@10': 0, 'no-click-rate': 1, 'click-position': null, mrr: null });
  expect(figures).toMatchObject({ 'satisfied-ctr': null, 'latency-p95': null });
});

test('figures are what can be counted by hand', () => {
  const later = new Date(noon.getTime() + 5_000);
  const { figures, queries } = figuresOf([
    makeSession('1', { userId: 'u', events: [click('b', { dwellSeconds: 40 })], searchMeta: { tookMs: 12 } }),
    // Clicked in this order: d, then a.
    makeSession('2', { userId: 'v', events: [click('a', { createdAt: later }), click('d', { dwellSeconds: 2 })] }),
    makeSession('3', { userId: 'u', events: [click('a', { type: 'purchase' })] }),
    makeSession('4', { query: 'none', shown: [] }),
    makeSession('5'),
  ]);
  expect(figures).toMatchObject({
    ...{ searches: 5, users: 2, 'ctr@1': 2 / 4, 'ctr@3': 3 / 4, 'ctr@10': 3 / 4, 'satisfied-ctr': 2 / 4 },
    ...{ mrr: (1 / 2 + 1 / 4 + 1) / 3, 'click-position': (2 + 1 + 4 + 1) / 4, 'zero-result-rate': 1 / 5 },
    ...{ 'no-click-rate': 1 / 4, conversion: 1 / 4 },
  });
  expect(queries).toEqual([
    { query: 'red lamp', searches: 4, answered: 4, clicked: 3 },
    { query: 'none', searches: 1, answered: 0, clicked: 0 },
  ]);
});

test('robots, the erased and what was typed on count in no figure', () => {
  const { figures } = figuresOf([
    makeSession('1', { userId: 'bot', exclusions: ['bot_agent'], shown: [] }),
    makeSession('2', { exclusions: ['erased'], query: '', shown: [] }),
    [makeSession('3', { userId: 'u', query: 're' }), 'keystroke'],
    makeSession('4', { userId: 'u', exclusions: ['clicks_outside_list'], events: [click('z')] }),
  ]);
  expect(figures).toMatchObject({ searches: 1, users: 1, 'zero-result-rate': 0, 'ctr@10': 0, 'no-click-rate': 0 });
});

test('a search that was clicked is no keystroke, whatever was typed after it', () => {
  expect(figuresOf([[makeSession('1', { events: [click('a')] }), 'keystroke']]).figures.searches).toBe(1);
});

test('typing on within 10 s is one search; asking otherwise within 60 s is a reformulation', () => {
  const at = (seconds: number) => new Date(noon.getTime() + seconds * 1_000);
  const found = findContinuations([
    { sessionId: '3', at: at(4), query: 'red lamp' },
    { sessionId: '1', at: at(0), query: 're' },
    { sessionId: '2', at: at(2), query: 'red la' },
    { sessionId: '4', at: at(50), query: 'crimson light' },
    { sessionId: '5', at: at(65), query: 'crimson light' },
    { sessionId: '6', at: at(300), query: 'crimson light bulb' },
  ]);
  expect(Object.fromEntries(found)).toEqual({
    ...{ 1: 'keystroke', 2: 'keystroke', 3: 'reformulated', 4: null, 5: null, 6: null },
  });
});

test('the percentile of durations lies within the class that holds it', () => {
  const sessions = Array.from({ length: 100 }, (_, n) =>
    makeSession(`${n}`, { searchMeta: { tookMs: n < 94 ? 8 : 300 } }),
  );
  const p95 = figuresOf(sessions).figures['latency-p95'];
  expect(p95).toBeGreaterThan(240);
  expect(p95).toBeLessThanOrEqual(320);
});
