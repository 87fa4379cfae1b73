import { type ItemRecord, StudioError, type VectorRow } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { embedParts, partsOf } from './embed-parts.ts';

/** Vectors of all parts of the items, in their order. */
export async function embedItems(
  ctx: Ctx,
  options: { modelId: string; items: readonly ItemRecord[] },
): Promise<VectorRow[]> {
  const parts = options.items.flatMap((item) => partsOf(item).map((part, ordinal) => ({ item, part, ordinal })));
  const { modelId } = options;
  const size = ctx.deps.settings.embedBatch;
  const rows: VectorRow[] = [];
  for (let start = 0; start < parts.length; start += size) {
    ctx.signal?.throwIfAborted();
    const batch = parts.slice(start, start + size);
    const vectors = await embedParts(ctx, {
      parts: batch.map(({ part }) => part),
      embedTexts: (texts) => ctx.deps.encoder.embed({ modelId, texts, kind: 'item', signal: ctx.signal }),
      findImageModel: () => ctx.deps.models.getModel(modelId),
    });
    batch.forEach(({ item, ordinal }, index) => {
      const vector = vectors[index];
      if (vector === undefined) throw new StudioError('MODEL_INVALID', 'The encoder returned too few vectors.');
      rows.push({ itemId: item.id, ordinal, contentHash: item.contentHash, vector });
    });
  }
  return rows;
}
