import { type QuerySums, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { sumQueries } from './fold-facts.ts';
import { PeriodInput, placePeriod } from './place-period.ts';
import { compareQuery, type QueryOrder, type QueryRow, rowPlaces } from './query-rows.ts';
import { queryOf } from './session-facts.ts';

const orders = ['frequent', 'zero', 'unclicked', 'losers', 'unsatisfied'] as const satisfies readonly QueryOrder[];

export const ListQueriesInput = PeriodInput.extend({
  /**
   * `zero`: by how often nothing was found. `unclicked`: by answered searches without a click. `losers`: by the clicks
   * lost against the period before; `unsatisfied`: by the satisfied searches lost.
   */
  order: z.enum(orders).default('frequent'),
  /** Losers have at least so many answered searches in both periods. */
  minSearches: z.number().int().min(1).max(100_000).default(20),
  /** Only queries with these words in them. */
  contains: z.string().max(200).nullable().default(null),
  /** `next` of the page before. */
  cursor: z.string().max(1_200).nullable().default(null),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListQueriesInput = z.input<typeof ListQueriesInput>;

export interface QueryPage {
  rows: QueryRow[];
  /** How many queries the whole list has. */
  total: number;
  /** Starts the next page; null behind the last one. */
  next: string | null;
  from: Date;
  to: Date;
}

/** Queries of a period beside the period before; exact while an hour has at most 500 different ones. */
export async function listQueries({ ctx, input }: { ctx: Ctx; input: ListQueriesInput }): Promise<QueryPage> {
  authorise(ctx, 'session.read');
  const { period, until, order, minSearches, contains, cursor, limit } = parseInput(ListQueriesInput, input);
  const { from, to, before } = placePeriod(period, until ?? ctx.deps.clock.now());
  const [now, past] = await Promise.all([readQueries(ctx, from, to), readQueries(ctx, before, from)]);
  const earlier = new Map(past.map((one) => [one.query, one]));
  const words = contains === null ? '' : queryOf(contains);
  const rows = now
    .filter(({ query }) => query.includes(words))
    .flatMap((one) => compareQuery(one, { past: earlier.get(one.query), order, minSearches }) ?? [])
    .sort((left, right) => right.weight - left.weight || (left.query < right.query ? -1 : 1));
  const start = cursor === null ? 0 : placeBehind(rows, readPlace(cursor));
  const page = rows.slice(start, start + limit);
  const last = page.at(-1);
  const isMore = start + limit < rows.length && last !== undefined;
  return { rows: page, total: rows.length, next: isMore ? writePlace(last) : null, from, to };
}

async function readQueries(ctx: Ctx, from: Date, to: Date): Promise<QuerySums[]> {
  const buckets = await ctx.deps.analytics.listQueryBuckets({ from, to, places: rowPlaces });
  return sumQueries(buckets.map(({ queries }) => queries));
}

interface Place {
  weight: number;
  query: string;
}

/** Rows that came meanwhile shift nothing: the page begins behind the place, not behind a number. */
function placeBehind(rows: readonly QueryRow[], { weight, query }: Place): number {
  const at = rows.findIndex((row) => row.weight < weight || (row.weight === weight && row.query > query));
  return at === -1 ? rows.length : at;
}

const PlaceText = z.tuple([z.number(), z.string().max(200)]);

function writePlace({ weight, query }: Place): string {
  return Buffer.from(JSON.stringify([weight, query])).toString('base64url');
}

function readPlace(text: string): Place {
  try {
    const [weight, query] = PlaceText.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return { weight, query };
  } catch (cause) {
    const words = 'cursor: this is not what a page gave as its next';
    throw new StudioError('INPUT_INVALID', words, { field: 'cursor', cause });
  }
}
