import type { Collection } from '@embedding-studio/contracts';
import type { RankedItem } from '@embedding-studio/ml/ranking';
import type { Ctx } from '../context.ts';
import { type ChainedHit, type ChainReport, rankHits } from './plugin-chain.ts';
import type { ParsedSearch } from './search-input.ts';

/** An item in its place; `plugins` says by plugin id what moved it there. */
export type PlacedItem = RankedItem & Partial<Pick<ChainedHit<RankedItem>, 'plugins'>>;

export interface PlacedItems extends ChainReport {
  items: readonly PlacedItem[];
}

export interface RankerRequest {
  search: Pick<ParsedSearch, 'query' | 'sortBy'>;
  query: ChainReport;
  collection: Pick<Collection, 'id' | 'searchPlugins'>;
  ordered: readonly RankedItem[];
}

/** The order as the collection's rankers want it. Who asks for the order of a field gets exactly that. */
export async function applyRankers(
  ctx: Ctx,
  { search, query, collection, ordered }: RankerRequest,
): Promise<PlacedItems> {
  const { id: collectionId, searchPlugins: plugins } = collection;
  if (search.sortBy !== undefined || plugins.rankers.length === 0)
    return { items: ordered, applied: query.applied, skipped: query.skipped };
  const ranked = await rankHits(ctx, { query: search.query, collectionId, hits: ordered, plugins });
  return {
    items: ranked.hits,
    applied: [...query.applied, ...ranked.applied],
    skipped: [...query.skipped, ...ranked.skipped],
  };
}
