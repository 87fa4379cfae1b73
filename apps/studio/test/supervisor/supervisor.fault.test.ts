import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findIdentity, isRunning } from '../../src/supervisor/process-identity.ts';
import { readState } from '../../src/supervisor/state-file.ts';
import { createSupervisor, type Supervisor, stateFileOf } from '../../src/supervisor/supervisor.ts';
import { silentProgress } from '../../src/terminal/progress.ts';
import { sleeperSpec, spawnSupervisor } from './sleeper.ts';

let folder = '';
let supervisor: Supervisor | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'studio-supervisor-'));
});
afterEach(async () => {
  await supervisor?.stop();
  supervisor = null;
  rmSync(folder, { recursive: true, force: true });
});

const waiting = { timeout: 30_000 };

function servicesNow() {
  return readState(stateFileOf(folder))?.services ?? [];
}

function onlyService() {
  const [service] = servicesNow();
  if (service === undefined) throw new Error('No service is recorded');
  return service;
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => parentOf(each) === pid);
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

describe('a supervisor', () => {
  it('starts a killed service again, each time', async () => {
    supervisor = await createSupervisor(folder, silentProgress);
    await supervisor.start(sleeperSpec(folder, 'a'));
    for (const restarts of [1, 2]) {
      const before = onlyService().identity;
      process.kill(before.pid, 'SIGKILL');
      await expect.poll(() => servicesNow()[0]?.restarts, waiting).toBe(restarts);
      await expect.poll(() => servicesNow()[0]?.ready, waiting).toBe(true);
      expect(onlyService().identity).not.toEqual(before);
    }
  });

  it('keeps trying while the service cannot start, and has it back when it can', async () => {
    // Told by the supervisor itself: its state file names a service only while a process of it runs.
    const warnings: string[] = [];
    supervisor = await createSupervisor(folder, { ...silentProgress, warn: (text) => void warnings.push(text) });
    await supervisor.start(sleeperSpec(folder, 'a'));
    writeFileSync(join(folder, 'broken'), '');
    process.kill(onlyService().identity.pid, 'SIGKILL');
    await expect
      .poll(() => warnings.filter((text) => text.includes('exit code 7')).length, waiting)
      .toBeGreaterThanOrEqual(2);
    rmSync(join(folder, 'broken'));
    await expect.poll(() => servicesNow()[0]?.ready, waiting).toBe(true);
  });

  it('says why a service did not start, with the end of its log', async () => {
    supervisor = await createSupervisor(folder, silentProgress);
    writeFileSync(join(folder, 'broken'), '');
    await expect(supervisor.start(sleeperSpec(folder, 'a'))).rejects.toThrow(
      /a did not start \(exit code 7\)[\s\S]*it is broken/,
    );
  });

  it('ends its services when it stops, and leaves no state behind', async () => {
    const own = await createSupervisor(folder, silentProgress);
    for (const name of ['a', 'b']) await own.start(sleeperSpec(folder, name));
    const identities = servicesNow().map(({ identity }) => identity);
    await own.stop();
    expect(identities.map(isRunning)).toEqual([false, false]);
    expect(readdirSync(folder)).toEqual(['logs']);
  });

  it('refuses a folder that another one has', async () => {
    supervisor = await createSupervisor(folder, silentProgress);
    await expect(createSupervisor(folder, silentProgress)).rejects.toMatchObject({ code: 'TASK_CONFLICT' });
  });
});

describe('a supervisor that is killed hard', () => {
  it('has its services ended by its guardian', async () => {
    const pid = await spawnSupervisor(folder);
    const service = onlyService().identity;
    expect(isRunning(service)).toBe(true);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => isRunning(service), waiting).toBe(false);
  });

  it('together with its guardian leaves services that the next one ends before it starts', async () => {
    const pid = await spawnSupervisor(folder);
    const service = onlyService().identity;
    for (const victim of [...childrenOf(pid).filter((child) => child !== service.pid), pid])
      process.kill(victim, 'SIGKILL');
    await expect.poll(() => findIdentity(pid), waiting).toBeNull();
    expect(isRunning(service)).toBe(true);
    supervisor = await createSupervisor(folder, silentProgress);
    expect(isRunning(service)).toBe(false);
    expect(existsSync(stateFileOf(folder))).toBe(true);
  });
});
