import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { mayMount, openSmallDisk } from '@embedding-studio/testing';
import { expect, it, onTestFinished } from 'vitest';

const chatty = fileURLToPath(new URL('./chatty.ts', import.meta.url));

it.skipIf(!mayMount())('a full log disk ends no process, and lines are written again once there is room', async () => {
  const disk = openSmallDisk({ megabytes: 1 });
  onTestFinished(() => disk.close());
  const path = join(disk.folder, 'log');
  await disk.fill();
  const child = spawn(process.execPath, ['--import', 'tsx', chatty], {
    stdio: ['pipe', 'pipe', openSync(path, 'a')],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const said = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> });
  const ask = async (lines: number) => {
    child.stdin?.write(`${lines}\n`);
    return (await once(said, 'line'))[0] as string;
  };
  expect(await ask(5_000)).toBe('logged 5000');
  await disk.free();
  expect(await ask(1)).toBe('logged 5001');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).number)).toEqual([5_000]);
});
