import {
  openPages,
  type Pages,
  readPages,
  type SimulatedPolicy,
  type SimulatedQuery,
  type SimulatedUser,
  simulateVisits,
} from '../../src/bias/index.ts';
import { createRandom } from '../../src/ranking/index.ts';

/** What every position-based user below does: rank 10 is looked at a sixth as often as rank 1. */
export const theta = [1, 0.7, 0.5, 0.4, 0.33, 0.28, 0.24, 0.21, 0.19, 0.17];

/** Queries whose ranker puts good items first, but not always. */
export function makeQueries(count: number, seed = 5): SimulatedQuery[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, number) => {
    const items = Array.from({ length: 14 }, (_each, index) => ({
      itemId: `i${index}`,
      attraction: 0.05 + 0.6 * random() ** 2,
      satisfaction: 0.3 + 0.6 * random(),
      merit: 0.3 * random(),
    }));
    items.sort((one, other) => other.attraction * 0.7 + other.merit - one.attraction * 0.7 - one.merit);
    return { query: `query number ${number}`, items };
  });
}

export interface Visits {
  queries: SimulatedQuery[];
  examined: number[];
  found: Pages;
  opened: ReturnType<typeof openPages>;
  relevanceOf: (query: string, itemId: string) => number;
}

export function visit(given: {
  policy: SimulatedPolicy;
  queries: number;
  visits: number;
  user?: SimulatedUser;
  seed?: number;
}): Visits {
  const { policy, visits, user = { kind: 'pbm', theta }, seed = 3 } = given;
  const queries = makeQueries(given.queries);
  const { sessions, examined } = simulateVisits({ queries, user, policy, visitsPerQuery: visits, pageSize: 10, seed });
  const found = readPages(sessions);
  const known = new Map(
    queries.flatMap(({ query, items }) => items.map((item) => [`${query} ${item.itemId}`, item.attraction] as const)),
  );
  const relevanceOf = (query: string, itemId: string) => known.get(`${query} ${itemId}`) ?? 0;
  return { queries, examined, found, opened: openPages(found.pages), relevanceOf };
}

export function largestError(found: readonly number[], truth: readonly number[]): number {
  return truth.reduce((most, value, rank) => Math.max(most, Math.abs(value - (found[rank] ?? Number.NaN))), 0);
}

/** Narrows a tagged result, so that a test fails with the reason given. */
export function estimated<T extends object>(
  result: ({ kind: 'estimated' } & T) | { kind: 'insufficient'; reason: string },
): T {
  if (result.kind === 'insufficient') throw new TypeError(result.reason);
  return result;
}
