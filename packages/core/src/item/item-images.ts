import { type ItemInput, imageBytesMax, isStudioError, StudioError } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';
import type { Ctx } from '../context.ts';

/** By content: the same picture is kept once. */
export const imagesFolder = 'images/';
export const imageKey = (hash: string): string => `${imagesFolder}${hash}`;

/** Items whose pictures were sent along, with them in the object store: a task is too small a place for files. */
export async function storeSentImages(ctx: Ctx, items: readonly ItemInput[]): Promise<ItemInput[]> {
  const withImage = items.findIndex(({ image }) => image !== undefined);
  if (withImage >= 0) await requireImageTower(ctx, `items.${withImage}.image`);
  const stored: ItemInput[] = [];
  for (const [at, item] of items.entries()) stored.push(await namingField(`items.${at}.`, () => storeSent(ctx, item)));
  return stored;
}

/** An item with its picture in the object store; one that is only an address is fetched. */
export async function storeImage(ctx: Ctx, item: ItemInput): Promise<ItemInput> {
  const url = item.image?.url;
  if (url === undefined) return storeSent(ctx, item);
  return { ...item, image: { sha256: await putImage(ctx, await ctx.deps.images.fetchImage(url, ctx.signal)) } };
}

async function storeSent(ctx: Ctx, item: ItemInput): Promise<ItemInput> {
  const { data, sha256: known } = item.image ?? {};
  if (known !== undefined) await renewImage(ctx, known);
  if (data === undefined) return item;
  return { ...item, image: { sha256: await putImage(ctx, Buffer.from(data, 'base64')) } };
}

async function putImage(ctx: Ctx, file: Uint8Array): Promise<string> {
  if (file.length > imageBytesMax)
    throw new StudioError('INPUT_INVALID', `image: is longer than ${imageBytesMax} bytes`, { field: 'image' });
  await ctx.deps.images.checkImage(file);
  const hash = sha256(file);
  // Also where it is there: what was written lately is not swept away.
  await ctx.deps.objects.putObject(imageKey(hash), file);
  return hash;
}

async function renewImage(ctx: Ctx, hash: string): Promise<void> {
  const { objects } = ctx.deps;
  if (!(await objects.hasObject(imageKey(hash))))
    throw new StudioError('INPUT_INVALID', 'image.sha256: no such picture was sent before', { field: 'image.sha256' });
  await objects.putObject(imageKey(hash), await objects.getObject(imageKey(hash)));
}

/** Before the first index nobody knows which model will embed them. */
async function requireImageTower(ctx: Ctx, field: string): Promise<void> {
  const live = await ctx.deps.collections.findLiveCollection();
  if (live === null) return;
  const { name, manifest } = await ctx.deps.models.getModel(live.collection.modelId);
  if (manifest.image !== undefined) return;
  const message = `${field}: the model that serves, ${name}, reads texts only; choose one with an image tower first`;
  throw new StudioError('INPUT_INVALID', message, { field });
}

async function namingField<T>(prefix: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!isStudioError(error) || error.field === undefined) throw error;
    const field = `${prefix}${error.field}`;
    throw new StudioError(error.code, `${prefix}${error.message}`, { field, cause: error });
  }
}
