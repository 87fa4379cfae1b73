import type { z } from 'zod';
import type { AppCaller } from '../../router.ts';
import { defineRoute } from '../route.ts';
import { CategoriesAnswer, CategoriesBody, CategoryFitAnswer, CategoryFitBody } from '../schemas/categories.ts';

const predict = defineRoute(
  {
    method: 'POST',
    path: '/parse-query/categories',
    operationId: 'predictCategories',
    summary: 'Categories that a query is likely to look for, with calibrated probabilities; none when unsure.',
    scope: 'search',
  },
  { input: CategoriesBody, output: CategoriesAnswer, run: runPredict },
);

async function runPredict(
  caller: AppCaller,
  body: z.output<typeof CategoriesBody>,
): Promise<z.input<typeof CategoriesAnswer>> {
  const query = typeof body.search_query === 'string' ? body.search_query : body.search_query.text;
  const result = await caller.category.predictCategories({ query, limit: body.limit });
  return {
    categories: result.categories.map(({ category, probability, distance, items }) => ({
      ...{ object_id: category, distance, payload: { category, probability }, meta: { items } },
    })),
    abstained: result.isAbstaining,
    degraded: result.degraded,
    meta_info: { field: result.field, threshold: result.threshold, collection_id: result.collectionId },
  };
}

const fit = defineRoute(
  {
    method: 'POST',
    path: '/parse-query/categories/fit',
    operationId: 'fitCategories',
    summary: 'Learns the categories of a payload field for the live collection, again after every switch by itself.',
    scope: 'admin',
  },
  {
    input: CategoryFitBody,
    output: CategoryFitAnswer,
    run: async (caller, body) => {
      const task = await caller.category.requestCategoryFit({ field: body.field ?? undefined });
      return { task_id: task.id, status: task.status };
    },
  },
);

export const categoryRoutes = [predict, fit];
