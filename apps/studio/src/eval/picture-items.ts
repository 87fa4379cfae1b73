import { execFile } from 'node:child_process';
import { access, mkdir, readFile, rm } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type ItemInput, type JudgedQuery, StudioError } from '@embedding-studio/contracts';
import { createRandom, meanMetrics, measureQuery, shuffle } from '@embedding-studio/ml/ranking';
import type { Dataset, NamedSplit } from '../datasets/index.ts';

const run = promisify(execFile);
const unpackTimeoutMs = 5 * 60_000;
const randomOrders = 20;

export interface Pictures {
  /** Absolute, in the order of the items. */
  paths: string[];
  items: ItemInput[];
}

/**
 * The items of a folder as pictures alone: no title, no text, no payload. Their paths are in the field `image`, below
 * the folder or packed in its `images.tar`.
 */
export async function loadPictures(dataset: Dataset, from: { folder: string; scratch: string }): Promise<Pictures> {
  const root = await openPictures(from);
  const paths = dataset.items.map((item) => pathOf(root, item));
  const files = await Promise.all(paths.map((path) => readFile(path, 'base64')));
  const items = dataset.items.map(({ id }, at) => {
    return { id, title: '', text: '', payload: {}, image: { data: files[at] ?? '' } };
  });
  return { paths, items };
}

async function openPictures({ folder, scratch }: { folder: string; scratch: string }): Promise<string> {
  const archive = join(folder, 'images.tar');
  if (
    !(await access(archive).then(
      () => true,
      () => false,
    ))
  )
    return folder;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  await run('tar', ['-xf', archive, '-C', scratch, '--no-same-owner'], { timeout: unpackTimeoutMs });
  return scratch;
}

function pathOf(root: string, { id, payload }: ItemInput): string {
  const { image } = payload;
  const path = typeof image === 'string' ? resolve(root, image) : null;
  const inside = path === null ? '..' : relative(root, path);
  if (path !== null && !inside.startsWith('..') && !isAbsolute(inside)) return path;
  throw new StudioError('INPUT_INVALID', `items.jsonl: ${id}: image: names no file of the folder`, { field: 'image' });
}

/** What chance finds: nDCG@10 of the items in random order, by split. */
export function measureChance(
  splits: readonly NamedSplit[],
  { itemIds, seed }: { itemIds: readonly string[]; seed: number },
): { split: string; ndcg10: number }[] {
  const random = createRandom(seed);
  return splits.map(({ name, queries }) => ({ split: name, ndcg10: chanceOf(queries, itemIds, random) }));
}

function chanceOf(queries: readonly JudgedQuery[], itemIds: readonly string[], random: () => number): number {
  const drawn = queries.flatMap((query) =>
    Array.from({ length: randomOrders }, () => measureQuery(shuffle(itemIds, random), query)),
  );
  return meanMetrics(drawn).ndcg10;
}
