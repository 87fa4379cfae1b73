import type { ItemRecord } from '@embedding-studio/contracts';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import type { Ctx } from '../../context.ts';
import { loadBatchSessions } from '../../session/load-batch-sessions.ts';

const pool = 2_000;

/** Real queries where there are sessions, titles of items otherwise. */
export async function sampleQueryTexts(
  ctx: Ctx,
  options: { batchId: string | null; items: readonly ItemRecord[]; count: number; seed: number },
): Promise<string[]> {
  const { batchId, items, count, seed } = options;
  const sessions = batchId === null ? [] : await loadBatchSessions(ctx, batchId);
  const queries = [...new Set(sessions.map((session) => session.query).filter((query) => query.trim() !== ''))];
  const titles = items.map((item) => (item.title === '' ? (item.parts[0] ?? item.id) : item.title));
  const random = createRandom(seed);
  return [...shuffle(queries, random), ...shuffle([...new Set(titles)], random)].slice(0, count);
}

/** Items spread over the whole catalogue: pages from random places of the id order would need an index; this reads ahead. */
export async function sampleItems(ctx: Ctx, options: { count: number; seed: number }): Promise<ItemRecord[]> {
  const items: ItemRecord[] = [];
  while (items.length < pool) {
    const more = await ctx.deps.items.listItems({ after: items.at(-1)?.id ?? null, limit: 500 });
    items.push(...more);
    if (more.length < 500) break;
  }
  return shuffle(items, createRandom(options.seed)).slice(0, options.count);
}
