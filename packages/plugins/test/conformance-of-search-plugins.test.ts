import { describe, expect, test } from 'vitest';
import { centroidPull } from '../src/adjusters/centroid-pull.ts';
import { deltaOverlay } from '../src/adjusters/delta-overlay.ts';
import { vectorAdjusters } from '../src/adjusters/index.ts';
import {
  type ConformanceCheck,
  commonChecks,
  queryProcessorChecks,
  rankerChecks,
  vectorAdjusterChecks,
} from '../src/conformance/index.ts';
import { coClickExpansion } from '../src/query-processors/co-click-expansion.ts';
import { queryProcessors } from '../src/query-processors/index.ts';
import { spelling } from '../src/query-processors/spelling.ts';
import { diversity } from '../src/rankers/diversity.ts';
import { rankers } from '../src/rankers/index.ts';
import { popularity } from '../src/rankers/popularity.ts';
import { recency } from '../src/rankers/recency.ts';
import type { AnyPlugin, CoClicks, RankerHit, Vocabulary } from '../src/spec/index.ts';

const known = new Map([
  ['journey', 12],
  ['journal', 3],
  ['travel', 40],
  ['red', 90],
  ['rod', 4],
]);

const vocabulary: Vocabulary = {
  countItems: async (words) => words.map((word) => known.get(word.toLowerCase()) ?? 0),
  findSimilar: async (word) =>
    word === 'jurney'
      ? [
          { word: 'journey', edits: 1, items: 12 },
          { word: 'journal', edits: 2, items: 30 },
        ]
      : [],
};

const coClicks: CoClicks = {
  findRelatedQueries: async (text) =>
    text === 'tee'
      ? [
          { text: 't-shirt', similarity: 0.9, voices: 8 },
          { text: 'secret of one', similarity: 0.9, voices: 1 },
          { text: 'trousers', similarity: 0.1, voices: 50 },
        ]
      : [],
};

function hit(itemId: string, score: number, more: Partial<RankerHit> = {}): RankerHit {
  return { itemId, score, cosine: score, lexical: 1, payload: {}, ...more };
}

const unit = (...values: number[]) => Float32Array.from(values, (value) => value / Math.hypot(...values));
const dated = [
  hit('old', 0.9, { payload: { at: '2020-01-01' } }),
  hit('new', 0.85, { payload: { at: '2026-05-31T12:00:00Z' } }),
  hit('undated', 0.1),
];
const counted = [
  hit('unknown', 0.9, { payload: { sales: 0 } }),
  hit('famous', 0.85, { payload: { sales: 5_000 } }),
  hit('other', 0.1, { payload: { sales: 3 } }),
];
const alike = [
  hit('shirt', 0.9, { vector: unit(1, 0, 0) }),
  hit('same shirt', 0.89, { vector: unit(1, 0.01, 0) }),
  hit('hat', 0.8, { vector: unit(0, 1, 0) }),
  hit('no vector', 0.2),
];

const suites: { plugin: AnyPlugin; checks: ConformanceCheck[] }[] = [
  {
    plugin: spelling,
    checks: queryProcessorChecks(spelling, {
      ...{ config: {}, vocabulary, keeps: 'red travel 2024 xy' },
      changes: { text: 'A jurney, red', gives: { text: 'A journey, red' } },
    }),
  },
  {
    plugin: coClickExpansion,
    checks: queryProcessorChecks(coClickExpansion, {
      ...{ config: {}, coClicks, keeps: 'trousers' },
      changes: { text: 'tee', gives: { text: 'tee', expansions: ['t-shirt'] } },
    }),
  },
  { plugin: recency, checks: rankerChecks(recency, { config: { field: 'at' }, hits: dated }) },
  { plugin: popularity, checks: rankerChecks(popularity, { config: { field: 'sales' }, hits: counted }) },
  { plugin: diversity, checks: rankerChecks(diversity, { config: {}, hits: alike }) },
  { plugin: deltaOverlay, checks: vectorAdjusterChecks(deltaOverlay, { config: {} }) },
  { plugin: centroidPull, checks: vectorAdjusterChecks(centroidPull, { config: {} }) },
];

test('every built-in of these kinds has its suite', () => {
  const tested = suites.map(({ plugin }) => plugin.id).sort();
  expect(tested).toEqual([...queryProcessors, ...rankers, ...vectorAdjusters].map(({ id }) => id).sort());
});

describe.each(suites.map((suite) => ({ id: suite.plugin.id, ...suite })))('$id', ({ plugin, checks }) => {
  test.each([...commonChecks(plugin, {}), ...checks])('$name', ({ run }) => run());
});
