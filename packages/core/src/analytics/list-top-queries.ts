import type { Quantity, QuerySums } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { sumQueries } from './fold-facts.ts';
import { PeriodInput, placePeriod } from './place-period.ts';
import { placesOf, readSum } from './quantities.ts';

const searched: Quantity = { measure: 'sessions' };
const answeredOf: Quantity = { measure: 'sessions', where: ['answered'] };
const clickedOf: Quantity = { measure: 'sessions', where: ['clicked'] };

export interface QueryTally {
  /** Normalised. */
  query: string;
  searches: number;
  answered: number;
  clicked: number;
}

export const ListTopQueriesInput = PeriodInput.extend({
  /** `zero`: those that found nothing, by how often. `unclicked`: answered, but with the fewest clicks. */
  order: z.enum(['frequent', 'zero', 'unclicked']).default('frequent'),
  limit: z.number().int().min(1).max(100).default(10),
});
export type ListTopQueriesInput = z.input<typeof ListTopQueriesInput>;

/** What was asked most in a period; exact while an hour has at most 500 different queries. */
export async function listTopQueries({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListTopQueriesInput;
}): Promise<{ queries: QueryTally[] }> {
  authorise(ctx, 'session.read');
  const { period, until, order, limit } = parseInput(ListTopQueriesInput, input);
  const { analytics, clock } = ctx.deps;
  const { from, to } = placePeriod(period, until ?? clock.now());
  const buckets = await analytics.listQueryBuckets({ from, to, places: placesOf([searched, answeredOf, clickedOf]) });
  const sums = sumQueries(buckets.map((bucket) => bucket.queries));
  const weight = weights[order];
  const sorted = sums
    .map(toQueryTally)
    .filter((query) => weight(query) > 0)
    .sort((left, right) => weight(right) - weight(left) || (left.query < right.query ? -1 : 1));
  return { queries: sorted.slice(0, limit) };
}

const weights: Record<z.infer<typeof ListTopQueriesInput>['order'], (query: QueryTally) => number> = {
  frequent: ({ searches }) => searches,
  zero: ({ searches, answered }) => searches - answered,
  unclicked: ({ answered, clicked }) => answered - clicked,
};

export function toQueryTally({ query, sums }: QuerySums): QueryTally {
  return {
    ...{ query, searches: readSum(sums, searched) },
    answered: readSum(sums, answeredOf),
    clicked: readSum(sums, clickedOf),
  };
}
