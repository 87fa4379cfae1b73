import type { SessionWithEvents } from '@embedding-studio/contracts';
import {
  measurePropensities,
  readPages,
  type SimulatedPolicy,
  type SimulatedQuery,
  simulateVisits,
} from '@embedding-studio/ml/bias';
import {
  type DebiasOptions,
  debiasShrinkClicks,
  normaliseQuery,
  sessionsToTrainingQueries,
} from '@embedding-studio/ml/clicks';
import { createRandom } from '@embedding-studio/ml/ranking';

export interface Imposed {
  policy: string;
  method: string;
  /** Largest error of a θ. */
  error: number;
  visits: number;
  queries: number;
  /** Share of pairs (wanted, not wanted) of a query that its summed click weights order rightly; a tie is half. */
  plain: number;
  debiased: number;
  /** The more clicks a query has, the more of the correction. */
  shrunk: number;
  /** With the θ that the users were made with. */
  ideal: number;
}

const pageSize = 10;
const seed = 11;
const theta = Array.from({ length: pageSize }, (_, rank) => 1 / (rank + 1));
const visitsAtAll = 8_000;
const policies: { name: string; policy: SimulatedPolicy }[] = [
  { name: 'always the same list', policy: { kind: 'fixed' } },
  { name: 'three rankers', policy: { kind: 'rankers', count: 3, reach: 8 } },
  { name: 'random order', policy: { kind: 'random' } },
];
/** Visits of each query: labels of few visits are mostly luck, and inverse propensities make more of it. */
const visitsOfQuery = [4, 12, 40, 400];

/** Real pages with the wishes of real people, but readers who look at rank k with chance 1/k: what debiasing is worth there. */
export function imposeBias(sessions: readonly SessionWithEvents[]): Imposed[] {
  return policies.flatMap(({ name, policy }) =>
    visitsOfQuery.map((visits) => {
      const queries = sessions.slice(0, visitsAtAll / visits).map((session, index) => toQuery(session, index));
      return impose({ name, policy, visits, queries });
    }),
  );
}

function impose(given: { name: string; policy: SimulatedPolicy; visits: number; queries: SimulatedQuery[] }): Imposed {
  const { name, policy, visits, queries } = given;
  const user = { kind: 'pbm', theta } as const;
  const made = simulateVisits({ queries, user, policy, visitsPerQuery: visits, pageSize, seed });
  const curve = measurePropensities(readPages(made.sessions), { resamples: 0 });
  const found = curve.points.map((point) => point.theta);
  const judge = (options: DebiasOptions) => orderPairs(queries, made.sessions, options);
  return {
    ...{ policy: name, method: curve.method, visits, queries: queries.length },
    error: theta.reduce((most, value, rank) => Math.max(most, Math.abs(value - (found[rank] ?? 0))), 0),
    ...{ plain: judge({}), debiased: judge({ propensities: found }), ideal: judge({ propensities: theta }) },
    shrunk: judge({ propensities: found, shrinkClicks: debiasShrinkClicks }),
  };
}

/** A ranker that knows something: wanted items tend to the top. */
function toQuery({ shown, events, query }: SessionWithEvents, index: number): SimulatedQuery {
  const random = createRandom(seed + index);
  const wanted = new Set(events.map(({ itemId }) => itemId));
  const items = shown.map(({ itemId }) => ({ itemId, attraction: wanted.has(itemId) ? 0.6 : 0.08 }));
  const merit = new Map(items.map(({ itemId, attraction }) => [itemId, attraction + random()]));
  items.sort((one, other) => (merit.get(other.itemId) ?? 0) - (merit.get(one.itemId) ?? 0));
  return { query, items: items.slice(0, pageSize) };
}

function orderPairs(
  queries: readonly SimulatedQuery[],
  sessions: readonly SessionWithEvents[],
  options: DebiasOptions,
): number {
  const weights = new Map<string, Map<string, number>>();
  for (const { text, clicked } of sessionsToTrainingQueries(sessions, options).queries) {
    const own = weights.get(normaliseQuery(text)) ?? new Map<string, number>();
    weights.set(normaliseQuery(text), own);
    for (const { itemId, weight } of clicked) own.set(itemId, (own.get(itemId) ?? 0) + weight);
  }
  let [right, total] = [0, 0];
  for (const { query, items } of queries) {
    const own = weights.get(normaliseQuery(query));
    if (own === undefined) continue;
    for (const one of items)
      for (const other of items) {
        if (one.attraction <= other.attraction) continue;
        const gap = (own.get(one.itemId) ?? 0) - (own.get(other.itemId) ?? 0);
        right += gap > 1e-9 ? 1 : gap < -1e-9 ? 0 : 0.5;
        total++;
      }
  }
  return right / Math.max(1, total);
}
