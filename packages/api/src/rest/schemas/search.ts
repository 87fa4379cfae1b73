import { Filter } from '@embedding-studio/contracts';
import { z } from 'zod';
import { ExperimentPart } from './clickstream.ts';

const text = z.string().min(1).max(2_000);
const QueryText = z
  .union([text, z.strictObject({ text })])
  .describe('The words to search for, plain or as {"text": …}.');
const PayloadFilter = z
  .strictObject({ query: Filter })
  .describe(
    'Only items that meet it: one of match, match_phrase, term, terms, any, all, exists, wildcard, range, bool.',
  );
const SortBy = z
  .strictObject({
    field: z.string().min(1).max(256),
    order: z.enum(['asc', 'desc']).default('asc'),
    force_not_payload: z.boolean().default(false).describe('The field is a column of the item, not of its payload.'),
  })
  .describe('Orders by a field instead of by similarity.');

const page = {
  limit: z.int().min(1).max(1_000).describe('Hits wanted.'),
  offset: z.int().min(0).max(9_000).nullish().describe('Hits to pass over; 0 when left out.'),
  cursor: z
    .string()
    .min(1)
    .max(1_000)
    .nullish()
    .describe('`next_page_cursor` of the page before, instead of an offset.'),
  with_total: z.boolean().default(false).describe('Count all items that meet filter and distance.'),
  filter: PayloadFilter.nullish(),
  sort_by: SortBy.nullish(),
  create_session: z.boolean().default(false).describe('Store this search and its list as a session, ready for events.'),
  user_id: z.string().min(1).max(128).nullish(),
  session_id: z.string().min(1).max(128).nullish(),
  meta_info: z.unknown().optional(),
};

export const SimilaritySearchBody = z
  .strictObject({
    search_query: QueryText.nullable().describe('null searches by filter and order alone.'),
    ...page,
    max_distance: z.number().nullish().describe('Leaves out hits that are further away, in the metric.'),
    metric: z
      .enum(['cosine', 'dot', 'euclidean'])
      .default('cosine')
      .describe('What `distance` and `max_distance` mean.'),
    parts: z
      .enum(['min', 'mean'])
      .default('min')
      .describe('An item is as near as its best part, or as the mean of all.'),
    similarity_first: z.boolean().default(false).describe('`sort_by` decides only between hits of equal score.'),
    attributes: z
      .record(z.string().min(1).max(64), z.string().max(128))
      .nullish()
      .describe('What experiments may target, e.g. surface, device or country.'),
    experiments: z.boolean().default(true).describe('false: this search takes part in no experiment.'),
    explain: z.boolean().default(false).describe('Add the parts of its score and its place in each leg to every hit.'),
    explore: z
      .boolean()
      .default(true)
      .describe('false: never show an item for the sake of learning about it, whatever the policy of exploration.'),
    ranking: z.enum(['fused', 'vector', 'lexical']).default('fused').describe('Which ranking to answer with.'),
  })
  .meta({ id: 'SimilaritySearchRequest' });

export const PayloadSearchBody = z
  .strictObject({
    search_query: z.unknown().describe('Not looked at; accepted so that one request fits both searches.'),
    ...page,
    max_distance: z.unknown().optional(),
    similarity_first: z.unknown().optional(),
  })
  .meta({ id: 'PayloadSearchRequest' });

export const PayloadCountBody = z
  .strictObject({ search_query: z.unknown().describe('Not looked at.'), filter: PayloadFilter.nullish() })
  .meta({ id: 'PayloadCountRequest' });

export const PayloadCountAnswer = z.object({ total_count: z.number() }).meta({ id: 'PayloadCountAnswer' });

export const SimilaritySearchAnswer = z
  .object({
    next_page_offset: z.number().optional(),
    next_page_cursor: z.string().optional(),
    session_id: z.string().optional(),
    search_results: z.array(
      z.object({
        object_id: z.string(),
        distance: z
          .number()
          .nullable()
          .describe('Distance to the query in the metric; 1 for every item where nothing was searched for.'),
        score: z.number(),
        payload: z.record(z.string(), z.unknown()).optional(),
        meta: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
    total_count: z.number().optional(),
    experiments: z.array(ExperimentPart).optional().describe('Experiments that made this list.'),
    degraded: z
      .array(z.string())
      .describe(
        'What the answer had to do without: `lexical_only` while the model server is away, `standby_only` while the primary database is.',
      ),
    meta_info: z.object({
      subset_count: z.number(),
      collection_id: z.string().optional(),
      embedding_model_id: z.string().optional(),
      explain: z.record(z.string(), z.unknown()).optional(),
    }),
  })
  .meta({ id: 'SimilaritySearchAnswer' });
