import { rmSync } from 'node:fs';
import type { Command } from 'commander';
import { readSettings } from '../environment.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { endProcesses } from '../supervisor/end-processes.ts';
import { findHolder } from '../supervisor/folder-lock.ts';
import { endLeftovers, lockFileOf, stateFileOf, stopGraceMs } from '../supervisor/supervisor.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';

/** Ends the supervisor of the folder with all its services, and what a killed one may have left. True if any ran. */
export async function stopEverything(folder: string, progress: Progress): Promise<boolean> {
  const holder = findHolder(lockFileOf(folder));
  // Its services end one after the other, each with its own grace time.
  if (holder !== null) await endProcesses([{ identity: holder, stopSignal: 'SIGTERM' }], stopGraceMs * 6);
  await endLeftovers(folder, progress);
  for (const path of [stateFileOf(folder), lockFileOf(folder)]) rmSync(path, { force: true });
  return holder !== null;
}

export function registerDownCommand(program: Command): void {
  program
    .command('down')
    .description('End everything that `up` started; the data stays.')
    .action(async () => {
      const progress = createProgress();
      const ran = await stopEverything(findStateFolder(readSettings()), progress);
      progress.say(ran ? 'stopped' : 'nothing was running');
    });
}
