import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../terminal/progress.ts';
import { type Ending, endProcesses } from './end-processes.ts';
import { takeLock } from './folder-lock.ts';
import { startGuardian } from './guardian.ts';
import { findIdentity, isRunning } from './process-identity.ts';
import type { ServiceSpec } from './service-spec.ts';
import { readState, removeState, type SupervisorState, writeState } from './state-file.ts';
import { createSupervisedProcess, type SupervisedProcess } from './supervised-process.ts';

export const stopGraceMs = 10_000;

export interface Supervisor {
  /** Starts a service and keeps it running; resolves when it answers. */
  start(spec: ServiceSpec): Promise<void>;
  setUrls(urls: Record<string, string | null>): void;
  /** Ends everything in the reverse order, and gives the folder free. */
  stop(): Promise<void>;
}

export const stateFileOf = (folder: string) => join(folder, 'state.json');
export const lockFileOf = (folder: string) => join(folder, 'up.lock');
export const logFolderOf = (folder: string) => join(folder, 'logs');

/** Ends what an earlier supervisor that was killed has left running, known by process number and start time. */
export async function endLeftovers(folder: string, progress: Progress): Promise<void> {
  const state = readState(stateFileOf(folder));
  const left = (state?.services ?? []).filter(({ identity }) => isRunning(identity));
  if (left.length === 0) return;
  progress.say(`ending what an earlier run left behind: ${left.map(({ name }) => name).join(', ')}`);
  await endProcesses(left.reverse(), stopGraceMs);
}

function describe(processes: readonly SupervisedProcess[], urls: SupervisorState['urls']): SupervisorState {
  const services = processes.flatMap((each) => {
    const identity = each.identity();
    if (identity === null) return [];
    const { name, stopSignal } = each.spec;
    const state = { restarts: each.restarts(), ready: each.isReady() };
    return [{ name, identity, stopSignal, log: each.log.path, ...state }];
  });
  return { supervisor: findIdentity(process.pid) ?? { pid: process.pid, started: '' }, services, urls };
}

/** Takes the folder for this process. Throws TASK_CONFLICT when another supervisor has it. */
export async function createSupervisor(folder: string, progress: Progress): Promise<Supervisor> {
  mkdirSync(logFolderOf(folder), { recursive: true, mode: 0o700 });
  const lock = takeLock(lockFileOf(folder));
  await endLeftovers(folder, progress);
  const guardian = startGuardian(folder);
  const processes: SupervisedProcess[] = [];
  let urls: SupervisorState['urls'] = {};
  let open = true;
  const record = () => {
    if (!open) return;
    const state = describe(processes, urls);
    writeState(stateFileOf(folder), state);
    guardian.update(state.services.map(({ identity, stopSignal }): Ending => ({ identity, stopSignal })));
  };
  record();
  return {
    start: async (spec) => {
      const onRestart = (delayMs: number, reason: string) =>
        progress.warn(`${spec.name} ended (${reason}); starting it again in ${delayMs} ms`);
      const each = createSupervisedProcess(spec, join(logFolderOf(folder), `${spec.name}.log`), {
        onChange: record,
        onRestart,
      });
      processes.push(each);
      await each.start();
    },
    setUrls: (given) => {
      urls = given;
      record();
    },
    stop: async () => {
      for (const each of [...processes].reverse()) await each.stop(stopGraceMs);
      open = false;
      guardian.close();
      removeState(stateFileOf(folder));
      lock.release();
    },
  };
}
