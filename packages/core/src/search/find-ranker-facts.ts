import {
  type PluginNeed,
  type RankerHit,
  type SearchPlugins,
  toStudioError,
  type VectorRow,
} from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

/** What rankers may know of an item beyond its scores. */
export interface RankerFacts {
  of(itemId: string, needs: readonly PluginNeed[]): Pick<RankerHit, 'payload' | 'vector' | 'createdAt'>;
}

/** Reads what the rankers of a chain need, and only that. A store that fails leaves them without it. */
export async function findRankerFacts(
  ctx: Ctx,
  search: { collectionId: string; hits: readonly { itemId: string }[]; plugins: SearchPlugins },
): Promise<RankerFacts> {
  const { items, collections, plugins, log } = ctx.deps;
  const needs = new Set(search.plugins.rankers.flatMap(({ id }) => plugins.findPlugin('ranker', id)?.needs ?? []));
  const ids = search.hits.map((hit) => hit.itemId);
  const read = async <Row>(need: PluginNeed, find: () => Promise<Row[]>): Promise<Row[]> => {
    if (ids.length === 0 || !needs.has(need)) return [];
    try {
      return await find();
    } catch (error) {
      log.warn({ need, code: toStudioError(error).code }, 'rankers go without what could not be read');
      return [];
    }
  };
  const [stored, rows] = await Promise.all([
    read('payload', () => items.findRankerItems(ids)),
    read('vectors', () => collections.getVectors(search.collectionId, ids)),
  ]);
  const itemById = new Map(stored.map((item) => [item.id, item]));
  const vectorById = meanVectors(rows);
  return {
    of: (itemId, allowed) => {
      const item = allowed.includes('payload') ? itemById.get(itemId) : undefined;
      const vector = allowed.includes('vectors') ? vectorById.get(itemId) : undefined;
      return { payload: item?.payload ?? {}, vector, createdAt: item?.createdAt };
    },
  };
}

/** One unit vector per item: the mean of its parts. */
function meanVectors(rows: readonly VectorRow[]): Map<string, Float32Array> {
  const sums = new Map<string, Float32Array>();
  for (const { itemId, vector } of rows) {
    const sum = sums.get(itemId);
    sums.set(itemId, sum === undefined ? vector.slice() : sum.map((value, at) => value + (vector[at] ?? 0)));
  }
  for (const [itemId, sum] of sums) {
    const length = Math.hypot(...sum) || 1;
    sums.set(
      itemId,
      sum.map((value) => value / length),
    );
  }
  return sums;
}
