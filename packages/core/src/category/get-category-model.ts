import type { CategoryModel } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';

export interface CategoryState {
  /** Fitted last, of whichever collection; null: never. */
  model: CategoryModel | null;
  /** It belongs to the collection that serves now. */
  isLive: boolean;
}

/** What is known of categories: field, calibration and how good it was on sessions that it had not seen. */
export async function getCategoryModel({ ctx }: { ctx: Ctx }): Promise<CategoryState> {
  authorise(ctx, 'suggestion.read');
  const live = await ctx.deps.collections.findLive();
  const ofLive = live === null ? null : await ctx.deps.categories.findModel(live.collectionId);
  if (ofLive !== null) return { model: ofLive, isLive: true };
  return { model: await ctx.deps.categories.findLatestModel(), isLive: false };
}
