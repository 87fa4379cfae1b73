import type { AppRouter } from '@embedding-studio/api';
import type { inferProcedureOutput } from '@trpc/server';

export type CollectionState = inferProcedureOutput<AppRouter['collection']['getCollectionState']>;
export type Pair = NonNullable<inferProcedureOutput<AppRouter['collection']['getServingPair']>>;
export type Check = inferProcedureOutput<AppRouter['collection']['listChecks']>[number];

export const recallMin = 0.95;

/** Everything else than live, standby and candidate is the collection's own status. */
export function standingOf({ alias, collection }: CollectionState): string {
  return alias ?? collection.status;
}

/** Items that have a current vector here, of all that should. */
export function coverageOf({ counts: { items, stale } }: CollectionState): number | null {
  return items + stale === 0 ? null : items / (items + stale);
}
