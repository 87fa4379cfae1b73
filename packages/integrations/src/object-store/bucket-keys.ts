import type { ObjectStore } from '@embedding-studio/contracts';
import { parseObjectKey, parseObjectPrefix } from './object-key.ts';

export type ObjectEntry = Awaited<ReturnType<ObjectStore['listObjects']>>[number];

export interface BucketPage {
  /** Keys are those of the bucket. */
  entries: { key: string; bytes: number; modifiedMs: number }[];
  /** Asks for the next page; null after the last one. */
  token: string | null;
}

/** Asks a bucket, whose keys begin with `prefix`, for a page. */
export type ReadPage = (asked: { prefix: string; keysMax: number; token: string | null }) => Promise<BucketPage>;

interface Bucket {
  /** Before every key of ours. */
  prefix: string;
  /** Keys per page; default 1,000. */
  pageKeys?: number;
  readPage: ReadPage;
}

const deletesAtOnce = 8;

/** The object of that very key, and those whose keys go on with a slash after it; sorted by key. */
export async function listBucket(
  { prefix: before, pageKeys, readPage }: Bucket,
  prefix: string,
): Promise<ObjectEntry[]> {
  const segments = parseObjectPrefix(prefix);
  const key = before + segments.join('/');
  const found: BucketPage['entries'] = [];
  // Of all keys that begin with it, the key itself is the first.
  if (segments.length > 0) {
    const { entries } = await readPage({ prefix: key, keysMax: 1, token: null });
    found.push(...entries.filter((entry) => entry.key === key));
  }
  const whole = { prefix: segments.length === 0 ? before : `${key}/`, keysMax: pageKeys ?? 1_000 };
  for (let token: string | null = null; ; ) {
    const page: BucketPage = await readPage({ ...whole, token });
    found.push(...page.entries);
    token = page.token;
    if (token === null) break;
  }
  return found
    .map(({ key: name, bytes, modifiedMs }) => ({
      ...{ key: name.slice(before.length), bytes, writtenAt: new Date(modifiedMs) },
    }))
    .filter((entry) => isObjectKey(entry.key))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Deletes what is under a prefix, which must name something. */
export async function deleteBelow(
  bucket: Bucket,
  prefix: string,
  remove: (key: string) => Promise<void>,
): Promise<void> {
  const key = parseObjectKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix).join('/');
  const found = await listBucket(bucket, key);
  for (let start = 0; start < found.length; start += deletesAtOnce)
    await Promise.all(found.slice(start, start + deletesAtOnce).map((entry) => remove(entry.key)));
}

/** What others put into the bucket under names that no key of ours has, such as folder marks, is not ours to show. */
function isObjectKey(key: string): boolean {
  try {
    return parseObjectKey(key).length > 0;
  } catch {
    return false;
  }
}
