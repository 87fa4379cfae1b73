import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

const skipped = new Set(['node_modules', '.git', '.studio', '.turbo', '.cache', '.next', 'coverage', 'dist']);

/** Folders that tools write: no part of the repository. */
export const isSkippedFolder = (name: string): boolean => skipped.has(name);

/** Paths below the folder, with forward slashes, of every file whose name the test accepts; sorted. */
export function listFiles(root: string, accepts: (path: string) => boolean): string[] {
  const found: string[] = [];
  const visit = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !isSkippedFolder(entry.name)) visit(path);
      if (entry.isFile()) found.push(relative(root, path).split(sep).join('/'));
    }
  };
  visit(root);
  return found.filter(accepts).sort();
}
