import { noSearchPlugins, type SearchPlugins } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

const spelling = 'spelling';
const deadlineMs = 50;

/**
 * What a new collection starts with: the chain of the live one, so that a switch keeps it; without one, correction of
 * words that no item contains, which costs nothing for queries whose words are known.
 */
export async function startingSearchPlugins(ctx: Ctx): Promise<SearchPlugins> {
  const live = await ctx.deps.collections.findLiveCollection();
  if (live !== null) return live.collection.searchPlugins;
  if (ctx.deps.plugins.findPlugin('query-processor', spelling) === null) return noSearchPlugins;
  return { ...noSearchPlugins, queryProcessors: [{ id: spelling, config: {}, deadlineMs }] };
}
