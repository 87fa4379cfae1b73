import {
  eventGroups,
  exclusionReasons,
  type FactsQuery,
  filteredItemsMax,
  hasTouched,
  ItemId,
  type SessionFacts,
  type SessionTraits,
  StudioError,
  sessionFlags,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import { queryOf } from './session-facts.ts';

const Ids = z.array(z.string().min(1).max(128)).max(50).default([]);

/** Within one list any of them will do, except `flags`: all of them must hold. An empty list asks for nothing. */
export const SessionFilter = z.object({
  /** Of our own search. `none`: the list was made elsewhere. */
  collections: Ids,
  models: Ids,
  events: z.array(z.enum(eventGroups)).default([]),
  flags: z.array(z.enum(sessionFlags)).default([]),
  /** `any`: whatever speaks against learning from it. */
  exclusions: z.array(z.enum(['any', 'none', ...exclusionReasons])).default([]),
  userId: z.string().min(1).max(128).nullable().default(null),
  /** Sessions that touched at least one of these items. */
  itemIds: z.array(ItemId).max(filteredItemsMax).default([]),
  /** `shown`: in the list or clicked. */
  touch: z.enum(['shown', 'clicked']).default('shown'),
  /** Beginning of the query, whatever its case and punctuation. */
  query: z.string().max(200).nullable().default(null),
  /** Only sessions with just this query. */
  isWholeQuery: z.boolean().default(false),
  /** One value of a dimension that sessions are counted by: `device:phone`, `arm:EXPERIMENT/ARM`. */
  slice: z.string().min(1).max(200).nullable().default(null),
  /** Both are taken to the full hour, UTC; `to` is not included. */
  from: z.date().nullable().default(null),
  to: z.date().nullable().default(null),
});
export type SessionFilter = z.output<typeof SessionFilter>;
export type SessionFilterInput = z.input<typeof SessionFilter>;

export type Facet = 'collections' | 'models' | 'events' | 'flags' | 'exclusions';

/** What a session has under a facet, as the filter names it. */
export function valuesOf(traits: SessionTraits, facet: Facet): readonly string[] {
  switch (facet) {
    case 'collections':
      return [traits.collectionId ?? 'none'];
    case 'models':
      return [traits.modelId ?? 'none'];
    case 'events':
      return traits.events;
    case 'flags':
      return traits.flags;
    case 'exclusions':
      return traits.exclusions.length === 0 ? ['none'] : ['any', ...traits.exclusions];
  }
}

const facets: readonly Facet[] = ['collections', 'models', 'events', 'flags', 'exclusions'];

/** Whether a session with these traits is among what is asked for; `except` leaves one facet open. */
export function hasTraits(traits: SessionTraits, filter: SessionFilter, except?: Facet): boolean {
  return facets.every((facet) => {
    const wanted: readonly string[] = filter[facet];
    if (facet === except || wanted.length === 0) return true;
    const values = valuesOf(traits, facet);
    return facet === 'flags'
      ? wanted.every((value) => values.includes(value))
      : wanted.some((value) => values.includes(value));
  });
}

export function asksForTraits(filter: SessionFilter): boolean {
  return facets.some((facet) => filter[facet].length > 0);
}

const hourMs = 3_600_000;

export function rangeOf({ from, to }: Pick<SessionFilter, 'from' | 'to'>): { from: Date | null; to: Date | null } {
  const start = from === null ? null : new Date(Math.floor(from.getTime() / hourMs) * hourMs);
  const end = to === null ? null : new Date(Math.ceil(to.getTime() / hourMs) * hourMs);
  if (start !== null && end !== null && start >= end)
    throw new StudioError('INPUT_INVALID', 'from: must be before `to`', { field: 'from' });
  return { from: start, to: end };
}

function prefixOf({ query }: SessionFilter): string | null {
  const prefix = query === null ? '' : queryOf(query);
  return prefix === '' ? null : prefix;
}

/** All of the filter that the store looks for, but for the traits. */
export function placeOf(filter: SessionFilter): Omit<FactsQuery, 'traitsKeys' | 'expected'> {
  const { userId, isWholeQuery, slice } = filter;
  const queryPrefix = prefixOf(filter);
  return { ...rangeOf(filter), userId, queryPrefix, isWholeQuery, slice, items: itemsOf(filter) };
}

function itemsOf({ itemIds, touch }: SessionFilter): FactsQuery['items'] {
  return itemIds.length === 0 ? null : { itemIds, touch };
}

/** Of the filter what traits do not say; time aside. */
export function hasFacts(facts: SessionFacts, filter: SessionFilter): boolean {
  const prefix = prefixOf(filter);
  const items = itemsOf(filter);
  return (
    (filter.userId === null || facts.userId === filter.userId) &&
    (prefix === null || (filter.isWholeQuery ? facts.query === prefix : facts.query.startsWith(prefix))) &&
    (filter.slice === null || facts.slices.includes(filter.slice)) &&
    (items === null || hasTouched(facts, items))
  );
}
