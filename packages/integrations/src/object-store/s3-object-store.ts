import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ObjectStore, StudioError } from '@embedding-studio/contracts';
import { parseS3Listing, type S3Page } from '../s3/s3-listing.ts';
import { parseObjectKey, parseObjectPrefix } from './object-key.ts';
import { requireS3Success } from './s3-answers.ts';
import { createS3Sender, receiveS3, type S3Sender, type S3Sink, type S3StoreSettings } from './s3-requests.ts';
import { putBytes, uploadFile } from './s3-upload.ts';

export interface S3ObjectStoreSettings extends S3StoreSettings {
  /** Keys per page of a listing; default and most 1,000. */
  pageKeys?: number;
}

type ObjectEntry = Awaited<ReturnType<ObjectStore['listObjects']>>[number];
const deletesAtOnce = 8;

/**
 * ObjectStore over a bucket of Amazon S3, MinIO, Google Cloud Storage (its S3 interface) or another store that speaks
 * the same. Keys are those of the bucket below `prefix`. Times of objects may be whole seconds.
 * A missing object is MODEL_NOT_FOUND; a store that is away, or refuses the settings, STORE_UNAVAILABLE.
 */
export function createS3ObjectStore(settings: S3ObjectStoreSettings): ObjectStore {
  const send = createS3Sender(settings);
  const place = (key: string): string => settings.prefix + parseObjectKey(key).join('/');
  return {
    putObject: async (key, bytes) => putBytes(send, place(key), bytes),
    putFile: async (key, path) => uploadFile(send, place(key), path),
    getObject: async (key) =>
      new Uint8Array(requireS3Success(await send({ method: 'GET', key: place(key) }), key).body),
    getFile: async (key, path) => download(settings, { key, place: place(key), path }),
    hasObject: async (key) => {
      const answer = await send({ method: 'HEAD', key: place(key) });
      if (answer.status === 404) return false;
      requireS3Success(answer, key);
      return true;
    },
    listObjects: (prefix) => listObjects(settings, send, prefix),
    deleteObjects: async (prefix) => {
      const key = parseObjectKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix).join('/');
      const found = await listObjects(settings, send, key);
      for (let start = 0; start < found.length; start += deletesAtOnce)
        await Promise.all(found.slice(start, start + deletesAtOnce).map((entry) => remove(send, place(entry.key))));
    },
  };
}

async function remove(send: S3Sender, key: string): Promise<void> {
  const answer = await send({ method: 'DELETE', key });
  // Somebody else was faster.
  if (answer.status !== 404) requireS3Success(answer, key);
}

/** The object of that very key, and those whose keys go on with a slash after it; sorted by key. */
async function listObjects(settings: S3ObjectStoreSettings, send: S3Sender, prefix: string): Promise<ObjectEntry[]> {
  const segments = parseObjectPrefix(prefix);
  const key = settings.prefix + segments.join('/');
  const found: ObjectEntry[] = [];
  const toEntry = ({ key: name, bytes, modifiedMs }: S3Page['entries'][number]): ObjectEntry => ({
    ...{ key: name.slice(settings.prefix.length), bytes, writtenAt: new Date(modifiedMs) },
  });
  // Of all keys that begin with it, the key itself is the first.
  if (segments.length > 0) {
    const { entries } = await listPage(send, { prefix: key, 'max-keys': '1' });
    found.push(...entries.filter((entry) => entry.key === key).map(toEntry));
  }
  const query = {
    prefix: segments.length === 0 ? settings.prefix : `${key}/`,
    'max-keys': String(settings.pageKeys ?? 1_000),
  };
  for (let token: string | null = ''; token !== null; ) {
    const page: S3Page = await listPage(send, { ...query, ...(token !== '' && { 'continuation-token': token }) });
    found.push(...page.entries.map(toEntry));
    token = page.token;
  }
  return found.filter((entry) => isObjectKey(entry.key)).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** What others put into the bucket under names that no key of ours has, such as folder marks, is not ours to show. */
function isObjectKey(key: string): boolean {
  try {
    return parseObjectKey(key).length > 0;
  } catch {
    return false;
  }
}

async function listPage(send: S3Sender, query: Record<string, string>): Promise<S3Page> {
  const whole = { 'list-type': '2', 'encoding-type': 'url', ...query };
  const answer = requireS3Success(await send({ method: 'GET', key: '', query: whole }), '');
  try {
    return parseS3Listing(Buffer.from(answer.body).toString('utf8'));
  } catch (cause) {
    throw new StudioError('STORE_UNAVAILABLE', 'The object store answers with no S3 listing.', { cause });
  }
}

interface Download {
  key: string;
  /** The key in the bucket. */
  place: string;
  path: string;
}

/** Written beside its place and renamed, so that a reader of the path sees all or nothing. */
async function download(settings: S3StoreSettings, { key, place, path }: Download): Promise<void> {
  const unfinished = `${path}.${randomUUID()}.part`;
  await mkdir(dirname(path), { recursive: true });
  const file = await open(unfinished, 'wx');
  try {
    const start: Uint8Array[] = [];
    const answer = await receiveS3(settings, { method: 'GET', key: place }, fillFile(file, start));
    requireS3Success({ ...answer, body: start[0] ?? new Uint8Array() }, key);
    await file.close();
    await rename(unfinished, path);
  } finally {
    await file.close().catch(() => undefined);
    await rm(unfinished, { force: true });
  }
}

/** `start` gets the first piece: where the store refuses it tells the reason. */
function fillFile(file: FileHandle, start: Uint8Array[]): S3Sink {
  let offset = 0;
  return {
    restart: async () => {
      start.splice(0);
      offset = 0;
      await file.truncate(0);
    },
    write: async (piece) => {
      if (start.length === 0) start.push(piece);
      await file.write(piece, 0, piece.length, offset);
      offset += piece.length;
    },
  };
}
