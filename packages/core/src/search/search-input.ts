import { Filter, PartAggregation, SessionId, SortBy } from '@embedding-studio/contracts';
import { z } from 'zod';
import { Metric } from './distance.ts';

const offsetMax = 9_000;

/** Pages: `offset`, or the `cursor` of the page before, which stays right while items come and go. */
export const pageFields = {
  limit: z.number().int().min(1).max(1_000).default(10),
  offset: z.number().int().min(0).max(offsetMax).default(0),
  cursor: z.string().min(1).max(1_000).optional(),
  withTotal: z.boolean().default(false),
};

const bothPlaces = { path: ['cursor'], message: 'give an offset or a cursor, not both' };
export const hasOnePlace = ({ offset, cursor }: { offset: number; cursor?: string }) =>
  cursor === undefined || offset === 0;

function isDistance({ maxDistance, metric }: { maxDistance?: number; metric: Metric }): boolean {
  if (maxDistance === undefined) return true;
  return metric === 'dot' ? Math.abs(maxDistance) <= 1 : maxDistance >= 0 && maxDistance <= 2;
}

export const SearchItemsInput = z
  .object({
    query: z.string().trim().min(1).max(2_000),
    ...pageFields,
    legs: z.enum(['fused', 'vector', 'lexical']).default('fused'),
    filter: Filter.optional(),
    /** Orders what the query finds (its best hundred or as many as the page needs) by a field. */
    sortBy: SortBy.optional(),
    /** The field only decides between items of equal score. */
    similarityFirst: z.boolean().default(false),
    /** In the metric; items that are further away, or were not compared, are left out. */
    maxDistance: z.number().optional(),
    metric: Metric.default('cosine'),
    parts: PartAggregation.default('min'),
    sessionId: SessionId.optional(),
    createSession: z.boolean().default(false),
    /** false: this search never shows an item for the sake of learning about it, whatever the policy says. */
    explore: z.boolean().default(true),
    userId: z.string().min(1).max(128).optional(),
    /** Whose query adapter moves the query, where there is one of its own. */
    tenant: z.string().min(1).max(64).optional(),
    /** What experiments may target: surface, device, country … */
    attributes: z.record(z.string().min(1).max(64), z.string().max(128)).default({}),
    /** false: takes part in no experiment. */
    experiments: z.boolean().default(true),
    explain: z.boolean().default(false),
  })
  .refine(hasOnePlace, bothPlaces)
  .refine(isDistance, {
    path: ['maxDistance'],
    message: 'distances are 0 to 2 (cosine, euclidean), or -1 to 1 (dot: the negative inner product)',
  });
export type SearchItemsInput = z.input<typeof SearchItemsInput>;
export type ParsedSearch = z.output<typeof SearchItemsInput>;

export const BrowseItemsInput = z
  .object({ ...pageFields, filter: Filter.optional(), sortBy: SortBy.optional() })
  .refine(hasOnePlace, bothPlaces);
export type BrowseItemsInput = z.input<typeof BrowseItemsInput>;

export const CountItemsInput = z.object({ filter: Filter.optional() });
export type CountItemsInput = z.input<typeof CountItemsInput>;
