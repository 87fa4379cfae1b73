import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface Owner {
  name: string;
  uid: number;
  gid: number;
}

/** True when a user who is neither owner nor in the group may pass through every folder on the way. */
function canReach(path: string, owner: Owner): boolean {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid, gid } = statSync(folder);
      const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001;
      if ((mode & bit) === 0) return false;
    }
    if (dirname(folder) === folder) return true;
  }
}

function elsewhere(wanted: string): string {
  const name = createHash('sha256').update(resolve(wanted)).digest('hex').slice(0, 12);
  return join('/var/lib/embedding-studio', name);
}

/** Makes `folder` for the owner alone: data, passwords and sockets live inside. */
function makeOwned(folder: string, owner: Owner | null): string {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (lstatSync(folder).isSymbolicLink()) return folder;
  if (owner !== null) chownSync(folder, owner.uid, owner.gid);
  if (owner !== null || statSync(folder).uid === process.getuid?.()) chmodSync(folder, 0o700);
  return folder;
}

/** Path of the pointer file that stands where the folder would have been. */
export function pointerOf(wanted: string): string {
  return `${wanted}.location`;
}

/** Where the folder is that `placeFolder` made earlier. */
export function findPlacedFolder(wanted: string): string {
  return existsSync(pointerOf(wanted)) ? readFileSync(pointerOf(wanted), 'utf8').trim() : wanted;
}

/**
 * Makes a data folder that `owner` can reach. A repository under a private folder such as /root cannot hold the data
 * of a server that runs as another user: then it goes under /var/lib, and a pointer file says where.
 */
export function placeFolder(wanted: string, owner: Owner | null): string {
  if (owner === null || canReach(dirname(wanted), owner)) return makeOwned(findPlacedFolder(wanted), owner);
  const placed = existsSync(pointerOf(wanted)) ? findPlacedFolder(wanted) : elsewhere(wanted);
  mkdirSync(dirname(placed), { recursive: true, mode: 0o755 });
  writeFileSync(pointerOf(wanted), `${placed}\n`);
  return makeOwned(placed, owner);
}
