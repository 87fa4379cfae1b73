import { type SessionFacts, type SessionTraits, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { chooseTraits, countByTraits } from './count-sessions.ts';
import { type Facet, hasTraits, placeOf, SessionFilter, valuesOf } from './session-filter.ts';

export type SessionRow = Omit<SessionFacts, 'traitsKey' | 'query' | 'shownIds' | 'clickedIds'> & SessionTraits;

export const ListSessionsInput = z.object({
  filter: SessionFilter.prefault({}),
  /** `next` of the page before. */
  cursor: z.string().max(400).nullable().default(null),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListSessionsInput = z.input<typeof ListSessionsInput>;

export interface SessionPage {
  rows: SessionRow[];
  /** Starts the next page; null behind the last one. */
  next: string | null;
}

/** Sessions as they were asked, newest first. */
export async function listSessions({ ctx, input }: { ctx: Ctx; input: ListSessionsInput }): Promise<SessionPage> {
  authorise(ctx, 'session.read');
  const { filter, cursor, limit } = parseInput(ListSessionsInput, input);
  const { keys, expected } = await chooseTraits(ctx, filter);
  const found = await ctx.deps.analytics.listFacts({
    ...{ ...placeOf(filter), traitsKeys: keys, expected },
    ...{ after: cursor === null ? null : readPlace(cursor), limit: limit + 1 },
  });
  const facts = found.slice(0, limit);
  const last = facts.at(-1);
  const isMore = found.length > limit && last !== undefined;
  return { rows: await toRows(ctx, facts), next: isMore ? writePlace(last) : null };
}

export async function toRows(ctx: Ctx, facts: readonly SessionFacts[]): Promise<SessionRow[]> {
  const traits = await ctx.deps.analytics.listTraits();
  return facts.flatMap(({ traitsKey, query: _query, shownIds: _shown, clickedIds: _clicked, ...row }) => {
    const found = traits.get(traitsKey);
    return found === undefined ? [] : [{ ...row, ...found }];
  });
}

const Place = z.tuple([z.number(), z.string().min(1).max(128)]);

function writePlace({ at, sessionId }: SessionFacts): string {
  return Buffer.from(JSON.stringify([at.getTime(), sessionId])).toString('base64url');
}

function readPlace(text: string): { at: Date; sessionId: string } {
  try {
    const [at, sessionId] = Place.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return { at: new Date(at), sessionId };
  } catch (cause) {
    throw new StudioError('INPUT_INVALID', 'cursor: this is not what a page gave as its next', {
      field: 'cursor',
      cause,
    });
  }
}

export const CountFacetsInput = z.object({ filter: SessionFilter.prefault({}) });
export type CountFacetsInput = z.input<typeof CountFacetsInput>;

export interface FacetCounts {
  /** Sessions that meet the whole filter. */
  total: number;
  /** Sessions by value, under all other facets; of `flags` under all of them. */
  facets: Record<Facet, Record<string, number>>;
  /** false: there are more than were counted. */
  isAll: boolean;
  /** The counts are as new as this; null while the first are being made. */
  asOf: Date | null;
}

/** How many sessions each further choice would leave. */
export async function countFacets({ ctx, input }: { ctx: Ctx; input: CountFacetsInput }): Promise<FacetCounts> {
  authorise(ctx, 'session.read');
  const { filter } = parseInput(CountFacetsInput, input);
  const { analytics } = ctx.deps;
  const [{ counts, isAll }, state] = await Promise.all([countByTraits(ctx, filter), analytics.getState()]);
  const traits = await analytics.listTraits();
  const result: FacetCounts = {
    ...{ total: 0, isAll, asOf: state.caughtUpAt },
    facets: { collections: {}, models: {}, events: {}, flags: {}, exclusions: {} },
  };
  for (const [key, count] of counts) {
    const found = traits.get(key);
    if (found === undefined) continue;
    if (hasTraits(found, filter)) result.total += count;
    for (const facet of Object.keys(result.facets) as Facet[]) {
      if (!hasTraits(found, filter, facet === 'flags' ? undefined : facet)) continue;
      const sums = result.facets[facet];
      for (const value of valuesOf(found, facet)) sums[value] = (sums[value] ?? 0) + count;
    }
  }
  return result;
}
