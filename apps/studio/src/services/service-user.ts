import { readFileSync } from 'node:fs';
import type { Owner } from './place-folder.ts';

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The user that a server runs as when root starts it; null when we are not root or there is no such user. */
export function findServiceUser(name: string): Owner | null {
  if (!isRoot()) return null;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? null : { name, uid: Number(uid), gid: Number(gid) };
}
