import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endProcesses } from '../../src/supervisor/end-processes.ts';
import { findHolder, takeLock } from '../../src/supervisor/folder-lock.ts';
import { openLogFile } from '../../src/supervisor/log-file.ts';
import { findIdentity, isRunning, signalProcess } from '../../src/supervisor/process-identity.ts';
import { readState, writeState } from '../../src/supervisor/state-file.ts';
import { table } from '../../src/terminal/table.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'studio-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a process', () => {
  it('is known by number and start time, so that a later one with its number is never signalled', () => {
    const self = findIdentity(process.pid);
    expect(self).not.toBeNull();
    const earlier = { pid: process.pid, started: 'another boot:1' };
    expect(isRunning(earlier)).toBe(false);
    expect(signalProcess(earlier, 'SIGKILL')).toBe(false);
    if (self !== null) expect(isRunning(self)).toBe(true);
  });

  it('that has ended has no identity', () => {
    const { pid } = spawnSync('true');
    expect(findIdentity(pid)).toBeNull();
  });

  it('that ignores the request to stop is killed, with its group', async () => {
    const child = spawn('sh', ['-c', 'trap "" TERM; sleep 600 & echo $!; wait; wait'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const grandchild = Number(await new Promise((done) => child.stdout.once('data', (text) => done(String(text)))));
    const identities = [child.pid ?? 0, grandchild].map(findIdentity);
    const [identity, below] = identities;
    if (!identity || !below) throw new Error('The processes of this test did not start');
    await endProcesses([{ identity, stopSignal: 'SIGTERM' }], 200);
    expect(isRunning(identity)).toBe(false);
    await expect.poll(() => isRunning(below)).toBe(false);
  });
});

describe('the lock', () => {
  it('is held by one, names the holder, and is free after release', () => {
    const path = join(folder, 'up.lock');
    const lock = takeLock(path);
    expect(findHolder(path)?.pid).toBe(process.pid);
    expect(() => takeLock(path)).toThrow(`process ${process.pid}`);
    lock.release();
    takeLock(path).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a holder that has ended is taken over', () => {
    const path = join(folder, 'up.lock');
    writeFileSync(path, JSON.stringify({ pid: process.pid, started: 'another boot:1' }));
    takeLock(path).release();
    writeFileSync(path, 'cut o');
    takeLock(path).release();
    expect(existsSync(path)).toBe(false);
  });
});

describe('a log file', () => {
  it('never takes more than twice its cap', () => {
    const log = openLogFile(join(folder, 'a.log'), 1_000);
    for (let at = 0; at < 200; at += 1) log.write(`line ${at} ${'x'.repeat(40)}\n`);
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
    expect(sizes).toHaveLength(2);
    expect(Math.max(...sizes)).toBeLessThan(1_100);
    expect(log.tail(1)[0]).toContain('line 199');
    log.close();
  });
});

describe('the state file', () => {
  const state = {
    supervisor: { pid: 1, started: 'x' },
    services: [],
    urls: { databaseUrl: 'postgres://a:b@c/d', redisUrl: null },
  };

  it('comes back as written, and is for its owner only: it holds passwords', () => {
    const path = join(folder, 'state.json');
    writeState(path, state);
    expect(readState(path)).toEqual(state);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('that is missing or broken counts as none', () => {
    const path = join(folder, 'state.json');
    expect(readState(path)).toBeNull();
    writeFileSync(path, readFileSync(join(import.meta.dirname, 'files.test.ts'), 'utf8').slice(0, 50));
    expect(readState(path)).toBeNull();
  });
});

it('a table has columns as wide as their widest cell', () => {
  expect(
    table(
      ['a', 'bb'],
      [
        ['wide', 'x'],
        ['y', 'long'],
      ],
    ),
  ).toEqual(['a     bb', '----  ----', 'wide  x', 'y     long']);
});
