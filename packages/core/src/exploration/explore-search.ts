import { type Exploration, explore, moveItem } from '@embedding-studio/ml/explore';
import type { Ctx } from '../context.ts';
import { recallItemCounts } from './recall-item-counts.ts';

export interface ExplorableSearch {
  legs: string;
  sortBy?: unknown;
  limit: number;
  offset: number;
  explore: boolean;
  createSession: boolean;
  sessionId?: string;
}

export interface ExploredItems<T> {
  items: readonly T[];
  /** What this search drew; null: nothing. */
  explored: Exploration | null;
  /** What stands in another place than the ranking says, from this page or the first one; for the next cursor. */
  moved?: MovedItem;
}

type MovedItem = Pick<Exploration, 'itemId' | 'place'>;

/**
 * The ranking with one item from behind the first page moved up, in the share of searches that the policy says. Only
 * where a session will say what came of it, and the caller asked for no order of its own. Later pages, by cursor, keep
 * what the first one moved.
 */
export async function exploreSearch<T extends { itemId: string }>(
  ctx: Ctx,
  { search, place, items }: { search: ExplorableSearch; place: { moved?: MovedItem } | null; items: readonly T[] },
): Promise<ExploredItems<T>> {
  const { sessionId, limit: pageSize, offset } = search;
  const unchanged = { items, explored: null };
  if (place !== null)
    return place.moved ? { ...unchanged, items: moveItem(items, place.moved), moved: place.moved } : unchanged;
  if (!search.createSession || !search.explore || sessionId === undefined || offset > 0) return unchanged;
  if (search.legs !== 'fused' || search.sortBy !== undefined) return unchanged;
  const policy = await recallPolicy(ctx);
  if (policy === null || !policy.isEnabled) return unchanged;
  const explored = explore({
    ...{ ranked: items.map(({ itemId }) => itemId), pageSize, epsilon: policy.epsilon, placeMin: policy.placeMin },
    countsOf: (itemId) => recallItemCounts(ctx).get(itemId),
    seed: sessionId,
  });
  if (explored === null) return unchanged;
  const moved = { itemId: explored.itemId, place: explored.place };
  return { items: moveItem(items, moved), explored, moved };
}

async function recallPolicy(ctx: Ctx) {
  try {
    return await ctx.deps.policies.recallPolicy('exploration');
  } catch (error) {
    ctx.deps.log.warn({ error: String(error) }, 'search does not explore');
    return null;
  }
}
