import type { SessionWithEvents } from '@embedding-studio/contracts';
import { expect, it } from 'vitest';
import { createEarlyStop } from '../src/settings-search/early-stop.ts';
import { mergeSettings } from '../src/settings-search/search-space.ts';
import { splitForSearch } from '../src/settings-search/split-for-search.ts';

it('a trial ends when three looks in a row were no better than the best, and keeps that', () => {
  const heard = createEarlyStop();
  const scores = [0.9, 0.5, 0.6, 0.59, 0.6, 0.55, 0.7];
  const stops = scores.map((ndcg10, step) => heard.hear({ step, ndcg10 }));
  expect(stops.indexOf(true)).toBe(5);
  // What was measured before the first step says nothing about the settings.
  expect(heard.best()).toBe(0.7);
  expect(createEarlyStop().best()).toBeNull();
});

it('a point goes over the settings given, a dotted name into an object', () => {
  const given = { seed: 1, trainable: { kind: 'lora', rank: 8 } };
  expect(mergeSettings(given, { 'trainable.rank': 16, learningRate: 0.1 })).toEqual({
    ...{ seed: 1, trainable: { kind: 'lora', rank: 16 }, learningRate: 0.1 },
  });
  expect(mergeSettings(given, { trainable: { kind: 'all' } })).toEqual({ seed: 1, trainable: { kind: 'all' } });
});

it('settings are judged by queries that train no trial, spelled otherwise or not', () => {
  const queries = ['red shoes', 'Red  Shoes!', 'oak table', 'lamp', 'blue boots', 'boots blue', 'tent', 'kettle'];
  const sessions = queries.map((query, at) => ({ sessionId: `s${at}`, query }) as SessionWithEvents);
  for (let seed = 1; seed <= 20; seed++) {
    const { train, judged } = splitForSearch(sessions, seed);
    expect(judged.length).toBeGreaterThan(0);
    expect(train.length + judged.length).toBe(queries.length);
    const words = (side: readonly SessionWithEvents[]) =>
      new Set(side.map(({ query }) => [...(query.toLowerCase().match(/\w+/g) ?? [])].sort().join(' ')));
    expect([...words(train)].filter((query) => words(judged).has(query))).toEqual([]);
  }
});
