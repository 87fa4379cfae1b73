import { z } from 'zod';

const QueryText = z.union([z.string().min(1).max(2_000), z.strictObject({ text: z.string().min(1).max(2_000) })]);

export const SimilaritySearchBody = z
  .strictObject({
    search_query: QueryText.describe('The words to search for, plain or as {"text": …}.'),
    limit: z.int().min(1).max(1_000).describe('Hits wanted.'),
    offset: z.int().min(0).max(10_000).nullish().describe('Hits to pass over; 0 when left out.'),
    max_distance: z
      .number()
      .min(0)
      .max(2)
      .nullish()
      .describe('Leaves out hits whose cosine distance is larger, or unknown.'),
    create_session: z
      .boolean()
      .default(false)
      .describe('Store this search and its list as a session, ready for events.'),
    user_id: z.string().min(1).max(128).nullish(),
    session_id: z.string().min(1).max(128).nullish(),
    explain: z.boolean().default(false).describe('Add the score of each leg to every hit.'),
    ranking: z.enum(['fused', 'vector', 'lexical']).default('fused').describe('Which ranking to answer with.'),
    meta_info: z.unknown().optional(),
  })
  .meta({ id: 'SimilaritySearchRequest' });

export const SimilaritySearchAnswer = z
  .object({
    next_page_offset: z.number().optional(),
    session_id: z.string().optional(),
    search_results: z.array(
      z.object({
        object_id: z.string(),
        distance: z
          .number()
          .nullable()
          .describe('Cosine distance to the query; null when the item has no vector or the search went by words only.'),
        score: z.number(),
        payload: z.record(z.string(), z.unknown()).optional(),
        meta: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
    degraded: z
      .array(z.string())
      .describe('What the answer had to do without, e.g. `lexical_only` when the model server is away.'),
    meta_info: z.object({ subset_count: z.number(), collection_id: z.string(), embedding_model_id: z.string() }),
  })
  .meta({ id: 'SimilaritySearchAnswer' });
