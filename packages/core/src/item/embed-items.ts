import { type ItemRecord, StudioError, type VectorRow } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

/** Vectors of all parts of the items, in their order. */
export async function embedItems(
  ctx: Ctx,
  options: { modelId: string; items: readonly ItemRecord[] },
): Promise<VectorRow[]> {
  const parts = options.items.flatMap((item) => item.parts.map((text, ordinal) => ({ item, text, ordinal })));
  const size = ctx.deps.settings.embedBatch;
  const rows: VectorRow[] = [];
  for (let start = 0; start < parts.length; start += size) {
    ctx.signal?.throwIfAborted();
    const batch = parts.slice(start, start + size);
    const texts = batch.map((part) => part.text);
    const vectors = await ctx.deps.encoder.embed({ modelId: options.modelId, texts, kind: 'item', signal: ctx.signal });
    batch.forEach(({ item, ordinal }, index) => {
      const vector = vectors[index];
      if (vector === undefined) throw new StudioError('MODEL_INVALID', 'The encoder returned too few vectors.');
      rows.push({ itemId: item.id, ordinal, contentHash: item.contentHash, vector });
    });
  }
  return rows;
}
