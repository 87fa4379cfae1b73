import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

// An ordinary user's PATH on Debian lacks the sbin folders, where some servers live.
const extraFolders = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin'];

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Full path of the first program found under one of the names, or null. */
export function findProgram(names: readonly string[], searchPath: string): string | null {
  const folders = [...searchPath.split(delimiter).filter((folder) => folder !== ''), ...extraFolders];
  for (const name of names) for (const folder of folders) if (isProgram(join(folder, name))) return join(folder, name);
  return null;
}
