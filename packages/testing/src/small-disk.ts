import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmdirSync } from 'node:fs';
import { open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  folder: string;
  /** Takes all that is free. */
  fill(): Promise<void>;
  /** Gives back what `fill` took. */
  free(): Promise<void>;
  /** Whatever still has files open there keeps them. */
  close(): void;
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

function mount(megabytes: number): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'studio-small-disk-'));
  const isMounted = run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'studio-test', folder]);
  if (isMounted) return folder;
  rmdirSync(folder);
  return null;
}

function unmount(folder: string): void {
  if (run('umount', ['--lazy', folder])) rmdirSync(folder);
}

let isAllowed: boolean | undefined;

/** May this process mount a file system? Tests of full disks are skipped where it may not: run them as root. */
export function mayMount(): boolean {
  if (isAllowed !== undefined) return isAllowed;
  const folder = mount(1);
  if (folder !== null) unmount(folder);
  isAllowed = folder !== null;
  return isAllowed;
}

/** A file system of that size in memory, for as long as this process lives. */
export function openSmallDisk({ megabytes }: { megabytes: number }): SmallDisk {
  const folder = mount(megabytes);
  if (folder === null) throw new Error('This process may not mount a file system: run it as root');
  chmodSync(folder, 0o777);
  const script = `while kill -0 ${process.pid} 2>/dev/null; do sleep 1; done; umount -l "$1" && rmdir "$1"`;
  spawn('sh', ['-c', script, 'sh', folder], { detached: true, stdio: 'ignore' }).unref();
  const ballast = join(folder, 'ballast');
  return {
    folder,
    async fill() {
      const block = Buffer.alloc(64 * 1_024);
      const file = await open(ballast, 'a');
      try {
        for (let { bavail, bsize } = await statfs(folder); bavail > 0; { bavail, bsize } = await statfs(folder))
          await file.write(block, 0, Math.min(block.length, bavail * bsize));
      } finally {
        await file.close();
      }
    },
    free: () => rm(ballast, { force: true }),
    close: () => unmount(folder),
  };
}
