import type { CoClicks, QueryContext, QueryProcessor, Vocabulary } from '../spec/index.ts';
import { type ConformanceCheck, check, expectSame, expectThat, oddTexts } from './check.ts';

export interface QueryFixture {
  config: Record<string, unknown>;
  vocabulary?: Vocabulary;
  coClicks?: CoClicks;
  /** A query that it rewrites or widens, with the texts and expansions expected of it. */
  changes: { text: string; gives: { text: string; expansions?: string[] } };
  /** A query that it must leave alone. */
  keeps: string;
}

/** Guarantees of a query processor. */
export function queryProcessorChecks(plugin: QueryProcessor, fixture: QueryFixture): ConformanceCheck[] {
  const config = plugin.config.parse(fixture.config);
  const { signal } = new AbortController();
  const full: QueryContext = {
    signal,
    vocabulary: fixture.vocabulary ?? null,
    coClicks: fixture.coClicks ?? null,
  };
  const process = (text: string, context = full) => plugin.process({ text }, config, context);
  const queries = oddTexts.map((text) => text.trim()).filter((text) => text.length > 0 && text.length <= 2_000);
  return [
    check('it does what it is made for, and says so', async () => {
      const { text, gives } = fixture.changes;
      const made = await process(text);
      expectSame(made.text, gives.text, 'the text');
      expectSame(
        (made.expansions ?? []).map((each) => each.text),
        gives.expansions ?? [],
        'the expansions',
      );
      expectThat(made.reasons.length > 0, 'no reason is given');
    }),
    check('it leaves alone what needs nothing, and gives no reason', async () => {
      const made = await process(fixture.keeps);
      const expected = { text: fixture.keeps, expansions: [], reasons: [] };
      expectSame({ expansions: [], ...made }, expected, 'the query was changed');
    }),
    check('any query gives a query', async () => {
      for (const query of queries) {
        const made = await process(query);
        expectThat(made.text.trim().length > 0, `nothing left of ${query.slice(0, 50)}`);
        for (const { text, weight } of made.expansions ?? [])
          expectThat(text.trim().length > 0 && weight > 0 && weight <= 1, `expansion ${text} with weight ${weight}`);
      }
    }),
    check('without anything to look up it still answers', async () => {
      const bare: QueryContext = { signal, vocabulary: null, coClicks: null };
      for (const query of [...queries, fixture.changes.text])
        expectThat((await process(query, bare)).text.trim().length > 0, `nothing left of ${query.slice(0, 50)}`);
    }),
    check('equal queries give equal answers', async () => {
      for (const query of [...queries, fixture.changes.text])
        expectSame(await process(query), await process(query), 'two calls');
    }),
  ];
}
