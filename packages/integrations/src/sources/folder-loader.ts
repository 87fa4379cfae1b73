import { constants } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type Loader, pluginApiVersion, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { readObjects } from './objects/object-loader.ts';
import type { ObjectSource, SourceObject } from './objects/object-source.ts';
import { formatShape } from './records/record-format.ts';

const FolderConfig = z.strictObject({
  path: z.string().min(1).max(4_000).describe('A file, or a folder that is read with all below it.'),
  ...formatShape,
});
type FolderConfig = z.infer<typeof FolderConfig>;

/** Files below folders that the operator has named, as the server sees them. */
export function createFolderLoader({ roots }: { roots: readonly string[] }): Loader<FolderConfig> {
  return {
    apiVersion: pluginApiVersion,
    kind: 'loader',
    id: 'folder',
    version: '1.0.0',
    title: 'Folder',
    description:
      'Reads JSON lines, CSV, JSON and text files of a folder on the server. Only folders named in SOURCE_FOLDERS can be read. New and changed files are read at the next sync.',
    config: FolderConfig,
    needs: ['files'],
    ...readObjects<FolderConfig>((config) => openFolder(roots, config.path)),
  };
}

function openFolder(roots: readonly string[], path: string): ObjectSource {
  return {
    steps: [{ name: 'resolve', act: async () => `${await findAllowed(roots, path)} may be read` }],
    async *list(signal) {
      const start = await findAllowed(roots, path);
      const isFile = (await stat(start)).isFile();
      yield* isFile ? [await describe(start, path)] : listFolder({ start, folder: start, signal });
    },
    async open({ key }, signal) {
      const start = await findAllowed(roots, path);
      const isFile = (await stat(start)).isFile();
      // Checked again: what was listed as a file may have become a link since.
      const file = await findAllowed([start], isFile ? start : join(start, key));
      return (await open(file, constants.O_RDONLY | constants.O_NOFOLLOW)).createReadStream({ signal });
    },
  };
}

/** The path with all links followed, if it lies below a root with all of its links followed. */
async function findAllowed(roots: readonly string[], path: string): Promise<string> {
  if (path.includes('\0')) throw refused('is not a path');
  for (const root of roots) {
    const realRoot = await realpath(root).catch(() => null);
    if (realRoot === null) continue;
    const wanted = isAbsolute(path) ? path : resolve(realRoot, path);
    const found = await realpath(wanted).catch(() => null);
    if (found !== null && isBelow(realRoot, found)) return found;
  }
  // Says the same for what is missing and what is elsewhere: nobody learns what else is on the server.
  throw refused(
    `is no file or folder below ${roots.length === 0 ? 'an allowed folder (SOURCE_FOLDERS is empty)' : 'SOURCE_FOLDERS'}`,
  );
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function refused(message: string): StudioError {
  return new StudioError('INPUT_INVALID', `path: ${message}`, { field: 'path' });
}

/** Links are not followed: they may lead out. Hidden files are left out. */
async function* listFolder(at: { start: string; folder: string; signal: AbortSignal }): AsyncGenerator<SourceObject> {
  const entries = await readdir(at.folder, { withFileTypes: true });
  for (const entry of entries) {
    at.signal.throwIfAborted();
    if (entry.name.startsWith('.')) continue;
    const path = join(at.folder, entry.name);
    if (entry.isDirectory()) yield* listFolder({ ...at, folder: path });
    else if (entry.isFile()) yield await describe(path, relative(at.start, path).split(sep).join('/'));
  }
}

/** The time of the last change of any kind: that of the content alone can be set to the past. */
async function describe(path: string, key: string): Promise<SourceObject> {
  const facts = await lstat(path);
  const modifiedMs = Math.floor(facts.ctimeMs);
  return { key, version: `${modifiedMs}-${facts.size}-${facts.ino}`, modifiedMs, bytes: facts.size };
}
