import { type ItemRecord, StudioError, type VectorRow } from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';
import { decodeVectorChunk, encodeVectorChunk, vectorChunkKey } from '../vector-cache.ts';

const chunkItems = 256;

export interface CandidateModel {
  artefactKey: string;
  /** Local folder of the artefact. */
  folder: string;
}

/** Embeds the corpus by the model that is not deployed yet, chunk by chunk; finished chunks are kept for reindex. */
export async function encodeCorpus(
  ctx: Ctx,
  options: { model: CandidateModel; items: readonly ItemRecord[]; onChunk: (done: number) => Promise<void> },
): Promise<VectorRow[]> {
  const { model, items } = options;
  const rows: VectorRow[] = [];
  for (let start = 0; start < items.length; start += chunkItems) {
    ctx.signal?.throwIfAborted();
    rows.push(...(await encodeChunk(ctx, model, items.slice(start, start + chunkItems))));
    await options.onChunk(Math.min(items.length, start + chunkItems));
  }
  return rows;
}

async function encodeChunk(ctx: Ctx, model: CandidateModel, items: readonly ItemRecord[]): Promise<VectorRow[]> {
  const key = vectorChunkKey(model.artefactKey, items);
  if (await ctx.deps.objects.hasObject(key)) return decodeVectorChunk(await ctx.deps.objects.getObject(key));
  const parts = items.flatMap((item) =>
    item.parts.map((text, ordinal) => ({ itemId: item.id, contentHash: item.contentHash, ordinal, text })),
  );
  const texts = parts.map(({ text }) => text);
  const vectors = await ctx.deps.trainer.encode({
    modelFolder: model.folder,
    texts,
    kind: 'item',
    signal: ctx.signal ?? new AbortController().signal,
  });
  const rows = parts.map(({ itemId, contentHash, ordinal }, index) => {
    const vector = vectors[index];
    if (vector === undefined) throw new StudioError('MODEL_INVALID', 'The trainer returned too few vectors.');
    return { itemId, contentHash, ordinal, vector };
  });
  await ctx.deps.objects.putObject(key, encodeVectorChunk(rows));
  return rows;
}
