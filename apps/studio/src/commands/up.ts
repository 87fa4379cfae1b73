import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '@embedding-studio/contracts';
import type { Command } from 'commander';
import { readSettings } from '../environment.ts';
import { repositoryFolder } from '../services/machine.ts';
import { type RunningServices, serviceNames, startServices } from '../services/start-services.ts';
import { findStateFolder } from '../services/state-folder.ts';
import { openLogFile } from '../supervisor/log-file.ts';
import { readState, type SupervisorState } from '../supervisor/state-file.ts';
import { logFolderOf, stateFileOf } from '../supervisor/supervisor.ts';
import { createProgress } from '../terminal/progress.ts';
import { showRunning } from './show-running.ts';

const detachedWaitMs = 20 * 60 * 1_000;

/** Resolves on the first request to stop; a second one ends at once, and the guardian cleans up. */
export function awaitStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((settle) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        settle(signal);
      });
  });
}

async function runForeground(): Promise<void> {
  const settings = readSettings();
  const folder = findStateFolder(settings);
  const log = createProgress();
  const stopped = awaitStopSignal();
  const starting = startServices({ folder, which: serviceNames, log, settings });
  const early = await Promise.race([starting, stopped]);
  if (typeof early === 'object') {
    const state = readState(stateFileOf(folder));
    if (state !== null) process.stdout.write(showRunning(state, folder));
    await stopped;
  }
  log.say('stopping');
  const running: RunningServices = await starting;
  await running.stop();
}

/** A start is complete once the addresses are written; before that only its services' names are. */
async function awaitDetached(child: ChildProcess, folder: string, logPath: string): Promise<SupervisorState> {
  const deadline = performance.now() + detachedWaitMs;
  while (child.exitCode === null && child.signalCode === null && performance.now() < deadline) {
    const state = readState(stateFileOf(folder));
    if (state?.supervisor.pid === child.pid && state !== null && Object.keys(state.urls).length > 0) return state;
    await sleep(100);
  }
  const log = openLogFile(logPath);
  throw new StudioError(
    'STORE_UNAVAILABLE',
    `The services did not start. Log ${logPath}:\n  ${log.tail(15).join('\n  ')}`,
  );
}

async function runDetached(): Promise<void> {
  const folder = findStateFolder(readSettings());
  mkdirSync(logFolderOf(folder), { recursive: true });
  const logPath = join(logFolderOf(folder), 'supervisor.log');
  const output = openSync(logPath, 'w', 0o600);
  const child = spawn(join(repositoryFolder, 'studio'), ['up'], { detached: true, stdio: ['ignore', output, output] });
  child.unref();
  const state = await awaitDetached(child, folder, logPath);
  process.stdout.write(showRunning(state, folder));
}

export function registerUpCommand(program: Command): void {
  program
    .command('up')
    .description('Start every service on this machine and keep it running; Ctrl-C ends them.')
    .option('-d, --detach', 'return once everything answers, and keep it running in the background')
    .action((options: { detach?: boolean }) => (options.detach ? runDetached() : runForeground()));
}
