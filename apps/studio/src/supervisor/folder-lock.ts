import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { findIdentity, isRunning, type ProcessIdentity } from './process-identity.ts';

const holderSchema = z.object({ pid: z.number().int(), started: z.string() });

/** Who holds the lock at this moment; null when nobody does, or its holder has ended. */
export function findHolder(path: string): ProcessIdentity | null {
  try {
    const holder = holderSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return isRunning(holder) ? holder : null;
  } catch {
    return null;
  }
}

/** Takes the lock file for this process, over a holder that has ended. Throws TASK_CONFLICT naming a living one. */
export function takeLock(path: string): { release(): void } {
  const self = findIdentity(process.pid) ?? { pid: process.pid, started: 'unknown' };
  const own = `${path}.${process.pid}`;
  writeFileSync(own, JSON.stringify(self), { mode: 0o600 });
  try {
    for (let tries = 0; tries < 5; tries += 1) {
      if (tryLink(own, path)) return { release: () => releaseLock(path, self) };
      const holder = findHolder(path);
      if (holder !== null)
        throw new StudioError('TASK_CONFLICT', `Already running as process ${holder.pid} (lock file ${path}).`);
      // Only one of several waiting processes can move the dead holder's file away.
      tryRename(path, `${path}.stale-${process.pid}`);
    }
  } finally {
    rmSync(own, { force: true });
    rmSync(`${path}.stale-${process.pid}`, { force: true });
  }
  throw new StudioError('TASK_CONFLICT', `The lock file ${path} cannot be taken.`);
}

function tryLink(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch {
    return false;
  }
}

function tryRename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    // Another process was faster.
  }
}

function releaseLock(path: string, self: ProcessIdentity): void {
  const holder = findHolder(path);
  if (holder?.pid === self.pid) rmSync(path, { force: true });
}
