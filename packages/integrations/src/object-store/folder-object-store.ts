import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { isStudioError, type ObjectStore, StudioError } from '@embedding-studio/contracts';
import { parseObjectKey, parseObjectPrefix } from './object-key.ts';

// Starts with a dot, which no key segment may: unfinished writes can never be read or listed as objects.
const unfinishedFolder = '.unfinished';

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function toStoreError(error: unknown, key: string): StudioError {
  if (isStudioError(error)) return error;
  const code = codeOf(error);
  if (code === 'ENOENT') return new StudioError('MODEL_NOT_FOUND', `There is no object at ${key}.`, { cause: error });
  if (['ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'EEXIST'].includes(code))
    return new StudioError('INPUT_INVALID', `Key ${key} collides with another key: one is a folder of the other.`, {
      field: 'key',
      cause: error,
    });
  const reason = error instanceof Error ? error.message : String(error);
  return new StudioError('STORE_UNAVAILABLE', `The object folder failed at ${key}: ${reason}`, { cause: error });
}

async function attempt<T>(key: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw toStoreError(error, key);
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A symbolic link inside the folder must not lead a key outside of it. */
async function refuseOutside(root: string, folder: string, key: string): Promise<void> {
  const [realRoot, real] = await Promise.all([realpath(root), realpath(folder)]);
  if (real !== realRoot && !real.startsWith(realRoot + sep))
    throw new StudioError('INPUT_INVALID', `Object key ${key} leaves the object folder.`, { field: 'key' });
}

async function findPath(root: string, key: string): Promise<string> {
  const path = join(root, ...parseObjectKey(key));
  await refuseOutside(root, dirname(path), key);
  return path;
}

async function findObject(root: string, key: string): Promise<string> {
  const path = await findPath(root, key);
  if (!(await stat(path)).isFile()) throw new StudioError('MODEL_NOT_FOUND', `There is no object at ${key}.`);
  await refuseOutside(root, path, key);
  return path;
}

/** The content is on disk before the rename makes it visible: readers see the old object or the new one, whole. */
async function place(root: string, key: string, fill: (path: string) => Promise<void>): Promise<void> {
  const target = join(root, ...parseObjectKey(key));
  const unfinished = join(root, unfinishedFolder, randomUUID());
  await mkdir(dirname(unfinished), { recursive: true });
  await mkdir(dirname(target), { recursive: true });
  await refuseOutside(root, dirname(target), key);
  try {
    await fill(unfinished);
    await syncPath(unfinished);
    await rename(unfinished, target);
    await syncPath(dirname(target));
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(bytes);
  } finally {
    await handle.close();
  }
}

async function copyOut(from: string, to: string): Promise<void> {
  const unfinished = `${to}.${randomUUID()}.part`;
  await mkdir(dirname(to), { recursive: true });
  try {
    await copyFile(from, unfinished, constants.COPYFILE_FICLONE);
    await rename(unfinished, to);
  } finally {
    await rm(unfinished, { force: true });
  }
}

type ObjectEntry = { key: string; bytes: number; writtenAt: Date };

async function listUnder(root: string, segments: string[]): Promise<ObjectEntry[]> {
  const path = join(root, ...segments);
  const found = await lstat(path).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
    throw error;
  });
  if (found === null) return [];
  if (found.isFile()) return [{ key: segments.join('/'), bytes: found.size, writtenAt: found.mtime }];
  if (!found.isDirectory()) return [];
  const names = (await readdir(path)).filter((name) => !name.startsWith('.'));
  const nested = await Promise.all(names.map((name) => listUnder(root, [...segments, name])));
  return nested.flat();
}

/**
 * ObjectStore over a folder, for one machine. Objects are files; their keys are their paths below `folder`.
 * A missing object is MODEL_NOT_FOUND, a full or unreadable disk STORE_UNAVAILABLE.
 * `deleteObjects('')` is refused: it would delete every model.
 */
export function createFolderObjectStore({ folder }: { folder: string }): ObjectStore {
  const root = resolve(folder);
  const ready = async () => void (await mkdir(root, { recursive: true }));
  return {
    putObject: (key, bytes) =>
      attempt(key, async () => {
        await ready();
        await place(root, key, (path) => writeWhole(path, bytes));
      }),
    putFile: (key, path) =>
      attempt(key, async () => {
        parseObjectKey(key);
        await stat(path).catch((error: unknown) => {
          throw new StudioError('INPUT_INVALID', `There is no readable file at ${path}.`, {
            field: 'path',
            cause: error,
          });
        });
        await ready();
        await place(root, key, (unfinished) => copyFile(path, unfinished, constants.COPYFILE_FICLONE));
      }),
    getObject: (key) =>
      attempt(key, async () => {
        await ready();
        return new Uint8Array(await readFile(await findObject(root, key)));
      }),
    getFile: (key, path) =>
      attempt(key, async () => {
        await ready();
        await copyOut(await findObject(root, key), path);
      }),
    hasObject: async (key) => {
      parseObjectKey(key);
      try {
        await findObject(root, key);
        return true;
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return false;
        if (isStudioError(error) && error.code === 'MODEL_NOT_FOUND') return false;
        throw toStoreError(error, key);
      }
    },
    listObjects: (prefix) =>
      attempt(prefix, async () => {
        const segments = parseObjectPrefix(prefix);
        const found = await listUnder(root, segments);
        if (found.length > 0) await refuseOutside(root, dirname(join(root, ...segments, 'x')), prefix);
        return found.sort((a, b) => (a.key < b.key ? -1 : 1));
      }),
    deleteObjects: (prefix) =>
      attempt(prefix, async () => {
        const segments = parseObjectKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
        await ready();
        const path = join(root, ...segments);
        // A prefix whose folders do not exist has nothing to delete.
        if ((await listUnder(root, segments)).length === 0) return;
        await refuseOutside(root, dirname(path), prefix);
        await rm(path, { recursive: true, force: true });
      }),
  };
}
