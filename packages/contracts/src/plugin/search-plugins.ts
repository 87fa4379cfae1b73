import { z } from 'zod';

/** One plugin of a chain, with the config that it runs with. */
export const SearchPluginStep = z.strictObject({
  id: z.string().min(1).max(100),
  config: z.record(z.string(), z.unknown()).default({}),
  /** Longest that a search waits for it; then the search goes on without it. */
  deadlineMs: z.number().int().min(1).max(2_000).default(50),
});
export type SearchPluginStep = z.infer<typeof SearchPluginStep>;

const chainMax = 8;

/** Which plugins take part in the searches of a collection and in what it learns. None by default. */
export const SearchPlugins = z.strictObject({
  queryProcessors: z.array(SearchPluginStep).max(chainMax).default([]),
  rankers: z.array(SearchPluginStep).max(chainMax).default([]),
  /** Makes the overlay of improvement in place of the built-in rule. */
  vectorAdjuster: SearchPluginStep.optional(),
});
export type SearchPlugins = z.infer<typeof SearchPlugins>;

export const noSearchPlugins: SearchPlugins = { queryProcessors: [], rankers: [] };
