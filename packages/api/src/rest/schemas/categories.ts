import { z } from 'zod';

const QueryText = z.union([z.string().min(1).max(2_000), z.strictObject({ text: z.string().min(1).max(2_000) })]);

export const CategoriesBody = z
  .strictObject({
    search_query: QueryText.describe('Plain or as {"text": …}.'),
    limit: z.int().min(1).max(100).default(20).describe('Categories wanted at most.'),
  })
  .meta({ id: 'CategoriesRequest' });

export const CategoriesAnswer = z
  .object({
    categories: z
      .array(
        z.object({
          object_id: z.string().describe('The category.'),
          distance: z.number().describe('Cosine distance of the query and the mean of the items of the category.'),
          payload: z.object({ category: z.string(), probability: z.number() }),
          meta: z.object({ items: z.number() }),
        }),
      )
      .describe('Most likely first; empty when nothing is likely enough.'),
    abstained: z.boolean(),
    degraded: z.array(z.string()),
    meta_info: z.object({ field: z.string(), threshold: z.number(), collection_id: z.string() }),
  })
  .meta({ id: 'CategoriesAnswer' });

export const CategoryFitBody = z
  .strictObject({ field: z.string().min(1).max(200).nullish().describe('Dotted path in the payload of items.') })
  .meta({ id: 'CategoryFitRequest' });
export const CategoryFitAnswer = z
  .object({ task_id: z.string(), status: z.string() })
  .meta({ id: 'CategoryFitAnswer' });
