import { type ItemRecord, type ModelRecord, StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { imageKey } from './item-images.ts';

/** A text, or the hash of a picture. */
export type Part = { text: string } | { image: string };

/** What is embedded of an item, in the order of its vectors: texts, then the picture. */
export function partsOf({ parts, image }: Pick<ItemRecord, 'parts' | 'image'>): Part[] {
  return [...parts.map((text) => ({ text })), ...(image === undefined ? [] : [{ image }])];
}

export interface PartEmbedding {
  parts: readonly Part[];
  embedTexts(texts: string[]): Promise<Float32Array[]>;
  /** The model whose image tower embeds pictures; only asked for where there are any. */
  findImageModel(): Promise<ModelRecord>;
}

const imagesAtOnce = 32;

/** The one place where parts become vectors: texts by whatever embeds them here, pictures by the model's image tower. */
export async function embedParts(
  ctx: Ctx,
  { parts, embedTexts, findImageModel }: PartEmbedding,
): Promise<Float32Array[]> {
  const texts = parts.flatMap((part) => ('text' in part ? [part.text] : []));
  const images = [...new Set(parts.flatMap((part) => ('image' in part ? [part.image] : [])))];
  const ofTexts = texts.length === 0 ? [] : await embedTexts(texts);
  const ofImages = images.length === 0 ? new Map() : await embedImages(ctx, await findImageModel(), images);
  let next = 0;
  return parts.map((part) => {
    const vector = 'image' in part ? ofImages.get(part.image) : ofTexts[next++];
    if (vector === undefined) throw new StudioError('MODEL_INVALID', 'The encoder returned too few vectors.');
    return vector;
  });
}

async function embedImages(
  ctx: Ctx,
  model: ModelRecord,
  hashes: readonly string[],
): Promise<Map<string, Float32Array>> {
  const found = new Map<string, Float32Array>();
  for (let start = 0; start < hashes.length; start += imagesAtOnce) {
    ctx.signal?.throwIfAborted();
    const some = hashes.slice(start, start + imagesAtOnce);
    const images = await Promise.all(some.map((hash) => ctx.deps.objects.getObject(imageKey(hash))));
    const vectors = await ctx.deps.images.embedImages({ model, images, signal: ctx.signal });
    some.forEach((hash, at) => {
      const vector = vectors[at];
      if (vector !== undefined) found.set(hash, vector);
    });
  }
  return found;
}
