import {
  type Collection,
  type ItemFailure,
  type ItemRecord,
  jobPolicyOf,
  toStudioError,
  type VectorRow,
} from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { embedItems } from './embed-items.ts';

export type EmbedWith = (items: readonly ItemRecord[]) => Promise<VectorRow[]>;

/** Embeds and stores; when a batch fails for good, its items are tried alone so that only the poisoned ones fail. */
export async function putItemVectors(
  ctx: Ctx,
  options: { collection: Collection; items: readonly ItemRecord[]; embed?: EmbedWith },
): Promise<ItemFailure[]> {
  const { collection, items } = options;
  if (items.length === 0) return [];
  const embed = options.embed ?? ((batch) => embedItems(ctx, { modelId: collection.modelId, items: batch }));
  try {
    await ctx.deps.collections.putVectors(collection.id, await embed(items));
    return [];
  } catch (thrown) {
    const error = toStudioError(thrown);
    if (ctx.signal?.aborted || jobPolicyOf[error.code] === 'retry') throw error;
    if (items.length === 1) return items.map((item) => ({ itemId: item.id, stage: 'embed', detail: error.message }));
  }
  const failures: ItemFailure[] = [];
  for (const item of items) failures.push(...(await putItemVectors(ctx, { ...options, items: [item] })));
  return failures;
}
