import type { VectorTable } from '@embedding-studio/ml/projection';
import { createRandom } from '@embedding-studio/ml/ranking';
import type { Ctx } from '../context.ts';

const itemsMax = 100_000;
const page = 500;
const seed = 23;

export interface MapItem {
  id: string;
  title: string;
  payload: Record<string, unknown>;
}

export interface MapItems {
  items: MapItem[];
  vectors: VectorTable;
  /** In the collection. */
  total: number;
}

/** Items with their mean vectors at unit length, ordered by id: all, or a seeded sample of 100,000. */
export async function loadMapItems(
  ctx: Ctx,
  { collectionId, dims }: { collectionId: string; dims: number },
): Promise<MapItems> {
  const { items: total } = await ctx.deps.collections.countVectors(collectionId);
  const share = Math.min(1, itemsMax / Math.max(1, total));
  const random = createRandom(seed);
  const items: MapItem[] = [];
  const rows: Float32Array[] = [];
  for (let after: string | null = null; ; ) {
    ctx.signal?.throwIfAborted();
    const some = await ctx.deps.items.listItems({ after, limit: page });
    const chosen = some.filter(() => share === 1 || random() < share);
    const byId = new Map(chosen.map(({ id, title, payload }) => [id, { id, title, payload }]));
    for (const { itemId, vector } of await ctx.deps.collections.findAverages(collectionId, [...byId.keys()])) {
      const item = byId.get(itemId);
      if (item === undefined) continue;
      items.push(item);
      rows.push(unit(vector));
    }
    if (some.length < page) break;
    after = some.at(-1)?.id ?? null;
  }
  return { items, vectors: tableOf(rows, dims), total };
}

export function tableOf(rows: readonly Float32Array[], width: number): VectorTable {
  const values = new Float32Array(rows.length * width);
  for (const [index, row] of rows.entries()) values.set(row, index * width);
  return { values, width };
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
