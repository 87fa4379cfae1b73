import { type Exploration, explore, moveItem } from '@embedding-studio/ml/explore';
import type { Ctx } from '../context.ts';
import type { SearchPlan } from '../experiment/plan-search.ts';
import type { ParsedSearch } from '../search/search-input.ts';
import { recallItemCounts } from './recall-item-counts.ts';

/** What a search drew, and in which share of searches it would have drawn anything. */
export type Drawn = Exploration & { epsilon: number };

type MovedItem = Pick<Exploration, 'itemId' | 'place'>;

export interface ExploredItems<T> {
  items: readonly T[];
  /** null: the list is as it was. */
  explored: Drawn | null;
  /** What stands in another place than the ranking says, from this page or the first one; for the next cursor. */
  moved?: MovedItem;
}

export interface Explorable<T> {
  search: Pick<ParsedSearch, 'legs' | 'sortBy' | 'limit' | 'offset' | 'explore' | 'createSession'>;
  place: { moved?: MovedItem } | null;
  plan: Pick<SearchPlan, 'sessionId' | 'contest'>;
  items: readonly T[];
}

/**
 * The ranking with one item from behind the first page moved up, in the share of searches that the policy says. Only
 * where a session will say what came of it, no interleaving counts places, and the caller asked for no order of its own.
 * Later pages, by cursor, keep what the first one moved.
 */
export async function exploreSearch<T extends { itemId: string }>(
  ctx: Ctx,
  { search, place, plan, items }: Explorable<T>,
): Promise<ExploredItems<T>> {
  const unchanged = { items, explored: null };
  if (place !== null)
    return place.moved ? { ...unchanged, items: moveItem(items, place.moved), moved: place.moved } : unchanged;
  if (!mayExplore(search) || plan.sessionId === undefined || plan.contest !== null) return unchanged;
  const policy = await recallPolicy(ctx);
  if (policy === null || !policy.isEnabled) return unchanged;
  const { epsilon, placeMin } = policy;
  const explored = explore({
    ...{ ranked: items.map(({ itemId }) => itemId), pageSize: search.limit, epsilon, placeMin, seed: plan.sessionId },
    countsOf: (itemId) => recallItemCounts(ctx).get(itemId),
  });
  if (explored === null) return unchanged;
  const moved = { itemId: explored.itemId, place: explored.place };
  return { items: moveItem(items, moved), explored: { ...explored, epsilon }, moved };
}

function mayExplore({
  createSession,
  explore: isAllowed,
  offset,
  legs,
  sortBy,
}: Explorable<unknown>['search']): boolean {
  return createSession && isAllowed && offset === 0 && legs === 'fused' && sortBy === undefined;
}

async function recallPolicy(ctx: Ctx) {
  try {
    return await ctx.deps.policies.recallPolicy('exploration');
  } catch (error) {
    ctx.deps.log.warn({ error: String(error) }, 'search does not explore');
    return null;
  }
}
