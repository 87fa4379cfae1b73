import { type ItemRecord, StudioError, type VectorRow } from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';
import { embedParts, partsOf } from '../../item/embed-parts.ts';
import { decodeVectorChunk, encodeVectorChunk, vectorChunkKey } from '../vector-cache.ts';

/** Every chunk opens the model anew, which takes as long as embedding a hundred items. */
const chunkItems = 2_048;
const progressItems = 128;

export interface CandidateModel {
  artefactKey: string;
  /** Local folder of the artefact. */
  folder: string;
  /** Registered; its image tower embeds pictures. Training leaves towers as they are: a base model's does for its children. */
  imageModelId: string;
}

/** Embeds the corpus by the model that is not deployed yet, chunk by chunk; finished chunks are kept for reindex. */
export async function encodeCorpus(
  ctx: Ctx,
  options: { model: CandidateModel; items: readonly ItemRecord[]; onItems: (done: number) => Promise<void> },
): Promise<VectorRow[]> {
  const { model, items } = options;
  const rows: VectorRow[] = [];
  for (let start = 0; start < items.length; start += chunkItems) {
    ctx.signal?.throwIfAborted();
    const chunk = items.slice(start, start + chunkItems);
    const progress = reportProgress((done) => options.onItems(start + done), chunk.length);
    rows.push(...(await encodeChunk(ctx, { model, items: chunk, onProgress: progress.onProgress })));
    await progress.settled();
    await options.onItems(start + chunk.length);
  }
  return rows;
}

/** Passes on what the trainer reports in parts as items, in order and not too often; a failed report fails the chunk. */
function reportProgress(onItems: (done: number) => Promise<void>, items: number) {
  let reported = 0;
  let reports = Promise.resolve();
  return {
    onProgress: (partsDone: number, parts: number) => {
      const done = Math.floor((partsDone / parts) * items);
      if (done - reported < progressItems) return;
      reported = done;
      reports = reports.then(() => onItems(done));
      reports.catch(() => undefined);
    },
    settled: () => reports,
  };
}

async function encodeChunk(
  ctx: Ctx,
  options: {
    model: CandidateModel;
    items: readonly ItemRecord[];
    onProgress: (partsDone: number, parts: number) => void;
  },
): Promise<VectorRow[]> {
  const { model, items, onProgress } = options;
  const key = vectorChunkKey(model.artefactKey, items);
  if (await ctx.deps.objects.hasObject(key)) return decodeVectorChunk(await ctx.deps.objects.getObject(key));
  const parts = items.flatMap((item) =>
    partsOf(item).map((part, ordinal) => ({ itemId: item.id, contentHash: item.contentHash, ordinal, part })),
  );
  const signal = ctx.signal ?? new AbortController().signal;
  const vectors = await embedParts(ctx, {
    parts: parts.map(({ part }) => part),
    embedTexts: (texts) =>
      ctx.deps.trainer.encode({ modelFolder: model.folder, texts, kind: 'item', signal, onProgress }),
    findImageModel: () => ctx.deps.models.getModel(model.imageModelId),
  });
  const rows = parts.map(({ itemId, contentHash, ordinal }, index) => {
    const vector = vectors[index];
    if (vector === undefined) throw new StudioError('MODEL_INVALID', 'The trainer returned too few vectors.');
    return { itemId, contentHash, ordinal, vector };
  });
  await ctx.deps.objects.putObject(key, encodeVectorChunk(rows));
  return rows;
}
