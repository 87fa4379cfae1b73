import type { SessionWithEvents } from '@embedding-studio/contracts';
import { type CategoryClicks, findCategoryClicks, readCategories } from '@embedding-studio/ml/category';
import type { Ctx } from '../context.ts';
import { loadBatchSessions } from '../session/load-batch-sessions.ts';

const sessionsMax = 20_000;
const itemsPerRead = 500;

/** Clicks of the latest sessions by category, only of categories that have a centroid. */
export async function loadCategoryClicks(
  ctx: Ctx,
  { field, categories }: { field: string; categories: ReadonlySet<string> },
): Promise<CategoryClicks[]> {
  const sessions = await loadLatestSessions(ctx);
  const clicked = new Set(sessions.flatMap(({ events }) => events.map(({ itemId }) => itemId)));
  const categoriesOf = await readItemCategories(ctx, { field, itemIds: [...clicked] });
  return findCategoryClicks(sessions, (itemId) =>
    (categoriesOf.get(itemId) ?? []).filter((category) => categories.has(category)),
  );
}

/** Of the newest batches, at most 20,000. */
export async function loadLatestSessions(ctx: Ctx): Promise<SessionWithEvents[]> {
  const sessions: SessionWithEvents[] = [];
  for (const { batchId } of await ctx.deps.sessions.listBatches({ offset: 0, limit: 100 })) {
    if (sessions.length >= sessionsMax) break;
    sessions.push(...(await loadBatchSessions(ctx, batchId)));
  }
  return sessions.slice(0, sessionsMax);
}

async function readItemCategories(
  ctx: Ctx,
  { field, itemIds }: { field: string; itemIds: readonly string[] },
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (let start = 0; start < itemIds.length; start += itemsPerRead) {
    ctx.signal?.throwIfAborted();
    for (const { id, payload } of await ctx.deps.items.findHits(itemIds.slice(start, start + itemsPerRead)))
      found.set(id, readCategories(payload, field));
  }
  return found;
}
