import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** SIGKILL to a postmaster; returns once all of its processes are gone. */
export async function killFamily(pid: number): Promise<void> {
  const family = [pid, ...(await listChildren(pid))];
  process.kill(pid, 'SIGKILL');
  // Its backends end by themselves once they notice; until then the data folder is still theirs.
  while (family.some(isAlive)) await sleep(20);
}

/** Stops, or lets go on, a postmaster and all of its processes: to others the server hangs. */
export async function signalFamily(pid: number, signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
  for (const each of [pid, ...(await listChildren(pid))]) if (isAlive(each)) process.kill(each, signal);
}

async function listChildren(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.trim().split(' ').map(Number);
}

/** One that has ended and that nobody has asked after yet still has its entry. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}
