import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Settings } from '../environment.ts';
import { repositoryFolder } from './machine.ts';

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Folder of all state: as set, else in the repository, else (where that is another user's) in the user's home. */
export function findStateFolder(settings: Settings): string {
  if (settings.STUDIO_FOLDER !== undefined) return resolve(settings.STUDIO_FOLDER);
  const usual = join(repositoryFolder, '.studio');
  if (isWritable(existsSync(usual) ? usual : repositoryFolder)) return usual;
  const name = createHash('sha256').update(repositoryFolder).digest('hex').slice(0, 12);
  return join(homedir(), '.local', 'state', 'embedding-studio', name);
}
