import type { SessionWithEvents } from '@embedding-studio/contracts';
import { findFlaw, weighClicks } from '../clicks/index.ts';
import { phraseKey } from '../suggestion/phrase-tokens.ts';

/** What the clicks of one session say about the category of its query. */
export interface CategoryClicks {
  sessionId: string;
  query: string;
  key: string;
  /** User, or the session where there is none. */
  person: string;
  /** Category → weight. */
  weights: Map<string, number>;
}

/** Sessions with usable clicks on items that have a category; a click on an item with several counts in parts. */
export function findCategoryClicks(
  sessions: readonly SessionWithEvents[],
  categoriesOf: (itemId: string) => readonly string[],
): CategoryClicks[] {
  return sessions.flatMap((session) => {
    if (findFlaw(session) !== null) return [];
    const weights = new Map<string, number>();
    for (const [itemId, weight] of weighClicks(session)) {
      const categories = categoriesOf(itemId);
      for (const category of categories)
        weights.set(category, (weights.get(category) ?? 0) + weight / categories.length);
    }
    if (weights.size === 0) return [];
    const { sessionId, query, userId } = session;
    const person = userId === undefined ? `session:${sessionId}` : `user:${userId}`;
    return [{ sessionId, query, key: phraseKey(query), person, weights }];
  });
}

/** The same weights as shares of one. */
export function sharesOf(weights: ReadonlyMap<string, number>): Map<string, number> {
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return new Map([...weights].map(([category, weight]) => [category, weight / total]));
}

export interface ClickCounts {
  byCategory: Map<string, number>;
  /** Only queries of at least `peopleMin` people. */
  byQuery: Map<string, Map<string, number>>;
}

export function countCategoryClicks(clicks: readonly CategoryClicks[], peopleMin: number): ClickCounts {
  const byCategory = new Map<string, number>();
  const queries = new Map<string, { people: Set<string>; weights: Map<string, number> }>();
  for (const { key, person, weights } of clicks) {
    const query = queries.get(key) ?? { people: new Set(), weights: new Map() };
    queries.set(key, query);
    query.people.add(person);
    for (const [category, weight] of weights) {
      byCategory.set(category, (byCategory.get(category) ?? 0) + weight);
      query.weights.set(category, (query.weights.get(category) ?? 0) + weight);
    }
  }
  const often = [...queries].filter(([, { people }]) => people.size >= peopleMin);
  return { byCategory, byQuery: new Map(often.map(([key, { weights }]) => [key, weights])) };
}
