import { type CategoryModel, StudioError } from '@embedding-studio/contracts';
import { categoryOdds, chooseCategories } from '@embedding-studio/ml/category';
import { phraseKey } from '@embedding-studio/ml/suggestion';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { resolveLive } from '../search/resolve-live.ts';
import { refitAfterSwitch } from './request-category-fit.ts';

export const PredictCategoriesInput = z.object({
  query: z.string().trim().min(1).max(2_000),
  limit: z.number().int().min(1).max(100).default(20),
});
export type PredictCategoriesInput = z.input<typeof PredictCategoriesInput>;

export interface PredictedCategory {
  category: string;
  /** Calibrated, 0–1. */
  probability: number;
  /** Cosine distance of the query and the category's centroid, 0–2. */
  distance: number;
  items: number;
}

export interface PredictCategoriesResult {
  /** Most likely first; empty when the first is not likely enough. */
  categories: PredictedCategory[];
  /** Nothing was likely enough. */
  isAbstaining: boolean;
  threshold: number;
  field: string;
  collectionId: string;
  /** `categories_refitting`: the live collection is new and its categories are not fitted yet. */
  degraded: string[];
}

/** What kind of thing a query looks for. @throws StudioError CATEGORY_MODEL_MISSING, MODEL_SERVER_UNAVAILABLE */
export async function predictCategories({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: PredictCategoriesInput;
}): Promise<PredictCategoriesResult> {
  authorise(ctx, 'search.read');
  const { query, limit } = parseInput(PredictCategoriesInput, input);
  const { collection } = await resolveLive(ctx);
  const model = await ctx.deps.categories.findModel(collection.id);
  if (model === null) return waitForRefit(ctx, collection.id);
  const [vector] = await ctx.deps.encoder.embed({
    ...{ modelId: collection.modelId, texts: [query], kind: 'query', signal: ctx.signal },
  });
  if (vector === undefined) throw new StudioError('MODEL_INVALID', 'The encoder returned no vector.');
  const evidence = await ctx.deps.categories.scoreCategories({
    ...{ collectionId: collection.id, vector, key: phraseKey(query) },
  });
  const odds = categoryOdds(evidence, model.calibration);
  const chosen = chooseCategories(odds, model.calibration.threshold).slice(0, limit);
  const known = new Map(evidence.map((one) => [one.category, one]));
  return {
    ...answerOf(model),
    isAbstaining: chosen.length === 0,
    categories: chosen.map(({ category, probability }) => {
      const { cosine = 0, items = 0 } = known.get(category) ?? {};
      return { category, probability, distance: 1 - cosine, items };
    }),
  };
}

function answerOf(model: CategoryModel): PredictCategoriesResult {
  const { field, collectionId, calibration } = model;
  return { categories: [], isAbstaining: true, threshold: calibration.threshold, field, collectionId, degraded: [] };
}

/** Vectors of another model say nothing here: the answer is none until the fit is done. */
async function waitForRefit(ctx: Ctx, collectionId: string): Promise<PredictCategoriesResult> {
  const latest = await ctx.deps.categories.findLatestModel();
  if (latest === null) {
    throw new StudioError('CATEGORY_MODEL_MISSING', 'Categories were never fitted.', {
      publicMessage: 'Categories are not known yet: request a fit that names the payload field.',
    });
  }
  const actor = { kind: 'system', job: 'predict-categories' } as const;
  await refitAfterSwitch({ ...ctx, actor });
  return { ...answerOf(latest), collectionId, degraded: ['categories_refitting'] };
}
