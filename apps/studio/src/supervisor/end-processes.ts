import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessIdentity, signalProcess } from './process-identity.ts';

export interface Ending {
  identity: ProcessIdentity;
  stopSignal: NodeJS.Signals;
}

/** Asks each to stop, waits up to the grace time for all of them, then kills what is left with its group. */
export async function endProcesses(endings: readonly Ending[], graceMs: number): Promise<void> {
  const asked = endings.filter(({ identity, stopSignal }) => signalProcess(identity, stopSignal));
  const deadline = performance.now() + graceMs;
  let left = asked;
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(50);
    left = left.filter(({ identity }) => isRunning(identity));
  }
  for (const { identity } of left) signalProcess(identity, 'SIGKILL', true);
  for (let tries = 0; tries < 40 && left.length > 0; tries += 1) {
    await sleep(50);
    left = left.filter(({ identity }) => isRunning(identity));
  }
}
