import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type ItemInput, StudioError } from '@embedding-studio/contracts';
import type { Dataset } from '../datasets/index.ts';
import { findPicture, openPictureFolder } from '../model/picture-folder.ts';
import type { CaptionedFile } from '../model/read-captions.ts';

export interface Pictures {
  /** Id → absolute path, in the order of the items. */
  paths: ReadonlyMap<string, string>;
  items: ItemInput[];
  /** Titles of one half of them. */
  captions: CaptionedFile[];
  /** The other half. */
  untouched: ReadonlySet<string>;
}

/**
 * The items of a folder as pictures alone: no title, no text, no payload. Their paths are in the field `image`, below
 * the folder or packed in its `images.tar`.
 */
export async function loadPictures(dataset: Dataset, from: { folder: string; scratch: string }): Promise<Pictures> {
  const root = await openPictureFolder(from);
  const paths = new Map(dataset.items.map((item) => [item.id, pathOf(root, item)]));
  const items: ItemInput[] = [];
  for (const [id, path] of paths)
    items.push({ id, title: '', text: '', payload: {}, image: { data: await readFile(path, 'base64') } });
  const titled = dataset.items.filter((item) => isCaptioned(item) && item.title.trim() !== '');
  const captions = titled.map(({ id, title }) => ({ path: paths.get(id) ?? '', text: title }));
  const untouched = new Set(dataset.items.filter((item) => !isCaptioned(item)).map(({ id }) => id));
  return { paths, items, captions, untouched };
}

function pathOf(root: string, { id, payload }: ItemInput): string {
  const path = findPicture(root, payload.image);
  if (path !== null) return path;
  throw new StudioError('INPUT_INVALID', `items.jsonl: ${id}: image: names no file of the folder`, { field: 'image' });
}

/** Half of the items, by a hash of their ids: the other half stays untouched by captions and clicks. */
export function isCaptioned({ id }: Pick<ItemInput, 'id'>): boolean {
  return createHash('sha256').update(id).digest().readUInt32BE(0) % 2 === 1;
}
