import { type QuerySums, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { sumQueries } from './fold-facts.ts';
import { PeriodInput, placePeriod } from './place-period.ts';
import { compareQuery, type QueryOrder, type QueryRow, rowPlaces, weightOf } from './query-rows.ts';
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
  const words = contains === null ? '' : queryOf(contains);
  const asked = sumQueries(now, rowPlaces).filter(({ query }) => query.includes(words));
  const isCompared = order === 'losers' || order === 'unsatisfied';
  const earlier = isCompared ? pastOf(past, null) : new Map<string, QuerySums>();
  const listed = asked.flatMap((sums) => {
    const weight = weightOf(sums, { past: earlier.get(sums.query), order, minSearches });
    return weight > 0 ? { query: sums.query, weight, sums } : [];
  });
  const rest = cursor === null ? listed : listed.filter(isBehind(readPlace(cursor)));
  const page = takeFirst(rest, limit);
  const known = isCompared ? earlier : pastOf(past, new Set(page.map(({ query }) => query)));
  const rows = page.flatMap(
    ({ query, sums }) => compareQuery(sums, { past: known.get(query), order, minSearches }) ?? [],
  );
  const last = rows.at(-1);
  const next = rest.length > limit && last !== undefined ? writePlace(last) : null;
  return { rows, total: listed.length, next, from, to };
}

type Lists = readonly (readonly QuerySums[])[];

async function readQueries(ctx: Ctx, from: Date, to: Date): Promise<Lists> {
  const buckets = await ctx.deps.analytics.listQueryBuckets({ from, to, places: rowPlaces });
  return buckets.map(({ queries }) => queries);
}

/** `wanted`: the only ones to be added up; null: all. */
function pastOf(lists: Lists, wanted: ReadonlySet<string> | null): Map<string, QuerySums> {
  const some = wanted === null ? lists : lists.map((list) => list.filter(({ query }) => wanted.has(query)));
  return new Map(sumQueries(some, rowPlaces).map((one) => [one.query, one]));
}

interface Place {
  weight: number;
  query: string;
}

/** Rows that came meanwhile shift nothing: the page begins behind the place, not behind a number. */
function isBehind({ weight, query }: Place): (row: Place) => boolean {
  return (row) => row.weight < weight || (row.weight === weight && row.query > query);
}

/** The first in order. Most of many rows are asked once, and are not worth being put in order. */
function takeFirst<Row extends Place>(rows: readonly Row[], count: number): Row[] {
  const weights = Float64Array.from(rows, ({ weight }) => weight).sort();
  const least = weights[Math.max(0, weights.length - count)] ?? 0;
  return rows
    .filter(({ weight }) => weight >= least)
    .sort((left, right) => right.weight - left.weight || (left.query < right.query ? -1 : 1))
    .slice(0, count);
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
