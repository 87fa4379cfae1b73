import {
  type CategoryCentroid,
  type CategoryModel,
  type CategoryQuality,
  type Collection,
  StudioError,
} from '@embedding-studio/contracts';
import {
  type CategoryClicks,
  type CategoryExample,
  type ClickCounts,
  countCategoryClicks,
  fitCalibration,
  measureCategories,
  plainCalibration,
  sharesOf,
} from '@embedding-studio/ml/category';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { recordAudit } from '../record-audit.ts';
import { peopleMin } from '../suggestion/suggestion-policy.ts';
import { embedQueryTexts } from './embed-query-texts.ts';
import { loadCategoryClicks } from './load-category-clicks.ts';

const limits = { categoriesMax: 200, itemsMin: 3 };
/** Shares of the sessions: counted, fitted on, judged by. */
const shares = { counted: 0.6, fitted: 0.2 };
const examplesMin = 50;
const examplesMax = 1_000;
const accuracyMin = 0.75;
const seed = 17;

/** Centroids, click counts and calibration of one collection, stored together. Safe to run twice. */
export async function runCategoryFit({ ctx, input }: { ctx: Ctx; input: JobRun<'category_fit'> }): Promise<JobResult> {
  authorise(ctx, 'category.write');
  const { collectionId, field } = input.task.input;
  const collection = await ctx.deps.collections.getCollection(collectionId);
  const centroids = await ctx.deps.categories.computeCentroids({ collectionId, field, ...limits });
  if (centroids.length < 2) {
    throw new StudioError('TRAINING_EVIDENCE_MISSING', `The payload field ${field} has fewer than two categories.`, {
      publicMessage: `Fewer than two values of the payload field "${field}" have ${limits.itemsMin} indexed items each.`,
      field: 'field',
    });
  }
  const clicks = await loadCategoryClicks(ctx, { field, categories: new Set(centroids.map((one) => one.category)) });
  const { calibration, quality } = await calibrate(ctx, { collection, centroids, clicks });
  const counts = countCategoryClicks(clicks, peopleMin);
  const model: CategoryModel = { collectionId, field, calibration, quality, fittedAt: ctx.deps.clock.now() };
  await ctx.deps.categories.putModel({
    model,
    centroids: centroids.map((one) => ({ ...one, clicks: counts.byCategory.get(one.category) ?? 0 })),
    clicks: [...counts.byQuery].flatMap(([key, weights]) =>
      [...weights].map(([category, weight]) => ({ key, category, clicks: weight })),
    ),
  });
  const facts = { field, categories: centroids.length, sessions: clicks.length, calibration, quality };
  await recordAudit(ctx, { action: 'category.fit', subject: collectionId, detail: facts });
  return { result: facts };
}

interface FitParts {
  collection: Collection;
  centroids: readonly CategoryCentroid[];
  clicks: readonly CategoryClicks[];
}

/** Three parts of the sessions: what is counted, what the numbers are fitted on, and what neither has seen. */
async function calibrate(
  ctx: Ctx,
  { collection, centroids, clicks }: FitParts,
): Promise<Pick<CategoryModel, 'calibration' | 'quality'>> {
  const mixed = shuffle(clicks, createRandom(seed));
  const [from, to] = [shares.counted, shares.counted + shares.fitted].map((share) => Math.floor(share * mixed.length));
  const fitting = mixed.slice(from, to).slice(0, examplesMax);
  const judging = mixed.slice(to).slice(0, examplesMax);
  if (fitting.length < examplesMin) return { calibration: plainCalibration, quality: null };
  const counts = countCategoryClicks(mixed.slice(0, from), peopleMin);
  const examplesOf = (sessions: readonly CategoryClicks[]) =>
    makeExamples(ctx, { collection, centroids, counts, sessions });
  const calibration = fitCalibration(await examplesOf(fitting), accuracyMin);
  const quality: CategoryQuality = measureCategories(await examplesOf(judging), calibration);
  return { calibration, quality };
}

async function makeExamples(
  ctx: Ctx,
  options: Omit<FitParts, 'clicks'> & { counts: ClickCounts; sessions: readonly CategoryClicks[] },
): Promise<CategoryExample[]> {
  const { collection, centroids, counts, sessions } = options;
  const texts = sessions.map(({ query }) => query);
  const vectors = await embedQueryTexts(ctx, { modelId: collection.modelId, texts });
  return sessions.map(({ key, weights }, index) => ({
    clicked: sharesOf(weights),
    evidence: centroids.map(({ category, centroid }) => ({
      category,
      cosine: dot(vectors[index] ?? centroid, centroid),
      clicks: counts.byCategory.get(category) ?? 0,
      queryClicks: counts.byQuery.get(key)?.get(category) ?? 0,
    })),
  }));
}

/** Both of unit length. */
function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
}
