import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from './store-error.ts';

interface Owner {
  pid: number;
  /** Boot and start time of the process, where the system tells: a pid alone may have been given to another. */
  born: string | null;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function birthOf(pid: number): string | null {
  const boot = readText('/proc/sys/kernel/random/boot_id');
  const stat = readText(`/proc/${pid}/stat`);
  if (!boot || !stat) return null;
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return `${boot.trim()}/${afterName[19]}`;
}

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return owner.born === null || birthOf(owner.pid) === owner.born;
}

function parseOwner(text: string | undefined): Owner | undefined {
  try {
    const owner = JSON.parse(text ?? '') as Owner;
    return Number.isInteger(owner.pid) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function inUse(folder: string, pid?: number): StoreError {
  const who = pid ? `process ${pid}` : 'another process';
  return new StoreError('DBPathInUse', `The folder ${folder} is in use by ${who}: stop it, or choose another folder.`);
}

/** A dead owner's lock is renamed away first: of several that try, one alone gets it. */
function clearStale(path: string, folder: string): void {
  const owner = parseOwner(readText(path));
  if (owner && isAlive(owner)) throw inUse(folder, owner.pid);
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = parseOwner(readText(aside));
  if (moved && isAlive(moved)) {
    renameSync(aside, path);
    throw inUse(folder, moved.pid);
  }
  rmSync(aside, { force: true });
}

function tryLink(from: string, path: string): boolean {
  try {
    linkSync(from, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Claims the folder for this process and returns the release; the lock appears with its content or not at all. */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock');
  const draft = join(folder, `lock.${process.pid}-${process.hrtime.bigint()}`);
  const file = openSync(draft, 'wx');
  try {
    writeSync(file, JSON.stringify({ pid: process.pid, born: birthOf(process.pid) } satisfies Owner));
    fsyncSync(file);
    if (!tryLink(draft, path)) {
      clearStale(path, folder);
      if (!tryLink(draft, path)) throw inUse(folder);
    }
  } finally {
    closeSync(file);
    rmSync(draft, { force: true });
  }
  return () => rmSync(path, { force: true });
}
