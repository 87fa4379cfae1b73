import type { Ranker, RankerHit } from '../spec/index.ts';
import { type ConformanceCheck, check, expectSame, expectThat } from './check.ts';

export interface RankerFixture {
  config: Record<string, unknown>;
  /** Hits, best first, which it must put into another order. */
  hits: readonly RankerHit[];
}

const now = new Date('2026-06-01T00:00:00Z');

/** Guarantees of a ranker. */
export function rankerChecks(plugin: Ranker, fixture: RankerFixture): ConformanceCheck[] {
  const config = plugin.config.parse(fixture.config);
  const { signal } = new AbortController();
  const rankGiven = async (hits: readonly RankerHit[]) =>
    plugin.rank({ query: 'query', hits, now }, config, { signal });
  // Hits of its own for each call: those that are changed must not hide in the next.
  const rank = async (hits: readonly RankerHit[]) => rankGiven(structuredClone(hits));
  const bare = fixture.hits.map((hit) => ({ ...hit, payload: {}, vector: undefined, createdAt: undefined }));
  const odd = fixture.hits.map((hit) => ({ ...hit, cosine: null, lexical: 0, payload: oddPayload(hit.payload) }));
  const lists = [fixture.hits, fixture.hits.slice(0, 1), bare, odd, fixture.hits.map((hit) => ({ ...hit, score: 0 }))];
  return [
    check('it changes the order of what it is made for', async () => {
      const order = (await rank(fixture.hits)).map((hit) => hit.itemId);
      const before = fixture.hits.map((hit) => hit.itemId);
      expectThat(
        order.some((itemId, at) => itemId !== before[at]),
        'the order stayed',
      );
    }),
    check('no hits give no hits', async () => expectSame(await rank([]), [], 'hits of nothing')),
    check('it answers with given items only, each at most once', async () => {
      for (const hits of lists) {
        const given = new Set(hits.map((hit) => hit.itemId));
        const ids = (await rank(hits)).map((hit) => hit.itemId);
        expectThat(new Set(ids).size === ids.length, 'an item comes twice');
        expectThat(
          ids.every((itemId) => given.has(itemId)),
          'an item was not given',
        );
      }
    }),
    check('scores are finite and do not rise down the list', async () => {
      for (const hits of lists) {
        const scores = (await rank(hits)).map((hit) => hit.score);
        expectThat(scores.every(Number.isFinite), 'a score is not finite');
        expectThat(
          scores.every((score, at) => at === 0 || score <= (scores[at - 1] ?? score)),
          `scores ${scores}`,
        );
      }
    }),
    check('equal hits give equal answers and stay as they were', async () => {
      for (const hits of lists) {
        const given = structuredClone(hits);
        expectSame(await rankGiven(given), await rank(hits), 'two calls');
        expectSame(given, structuredClone(hits), 'the hits given were changed');
      }
    }),
  ];
}

/** The same keys with values of other types: what a catalogue holds is not the plugin's to choose. */
function oddPayload(payload: Record<string, unknown>): Record<string, unknown> {
  const values = [null, 'not a number', '', [], {}, true, 'NaN', -1];
  return Object.fromEntries(Object.keys(payload).map((key, at) => [key, values[at % values.length]]));
}
