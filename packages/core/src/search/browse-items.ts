import type { HitItem } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { hashRequest, readCursor, writeCursor } from './cursor.ts';
import { BrowseItemsInput, CountItemsInput } from './search-input.ts';

export interface BrowseItemsResult {
  items: HitItem[];
  /** Items that meet the filter; only when asked for. */
  total?: number;
  /** Of the next page; absent behind the last one. */
  nextCursor?: string;
}

/** Items by their payload alone, without a query: those that meet a filter, ordered by a field or by id. */
export async function browseItems({ ctx, input }: { ctx: Ctx; input: BrowseItemsInput }): Promise<BrowseItemsResult> {
  authorise(ctx, 'search.read');
  const { cursor, limit, offset, withTotal, filter, sortBy } = parseInput(BrowseItemsInput, input);
  const of = hashRequest({ filter, sortBy });
  const place = cursor === undefined ? null : readCursor(of, cursor);
  const items = await ctx.deps.items.searchItems({
    filter,
    sortBy,
    limit,
    offset: place === null ? offset : 0,
    after: place?.after,
  });
  const last = items.at(-1);
  const result: BrowseItemsResult = { items };
  if (withTotal) result.total = await ctx.deps.items.countItems(filter);
  if (last !== undefined && items.length === limit)
    result.nextCursor = writeCursor(of, { offset: (place?.offset ?? offset) + limit, after: last.id });
  return result;
}

/** How many items meet a filter. */
export async function countItems({ ctx, input }: { ctx: Ctx; input: CountItemsInput }): Promise<{ total: number }> {
  authorise(ctx, 'search.read');
  return { total: await ctx.deps.items.countItems(parseInput(CountItemsInput, input).filter) };
}
