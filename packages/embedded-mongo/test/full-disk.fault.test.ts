import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { mayMount, openSmallDisk } from '@embedding-studio/testing';
import { expect, it, onTestFinished } from 'vitest';
import { openClient } from './server-folder.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Null: it ended before it was ready. */
async function start(folder: string): Promise<{ child: ChildProcess; url: string | null; said: () => string }> {
  const args = ['--import', 'tsx', main, '--port', '0', '--folder', folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  let url: string | null = null;
  for await (const line of createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })) {
    if (line.startsWith('ready ')) url = line.slice('ready '.length);
    if (url !== null) break;
  }
  return { child, url, said: () => text };
}

it.skipIf(!mayMount())(
  'a full disk is said, ends the document server, and loses nothing that was acknowledged',
  async () => {
    const disk = openSmallDisk({ megabytes: 32 });
    onTestFinished(() => disk.close());
    const acknowledged: number[] = [];
    const first = await start(disk.folder);
    const client = await openClient(String(first.url));
    const ended = once(first.child, 'exit');
    const rows = client.db('test').collection<{ _id: number; text: string }>('rows');
    const insert = (n: number): Promise<boolean> =>
      rows.insertOne({ _id: n, text: 'x'.repeat(5_000) }).then(
        () => acknowledged.push(n) > 0,
        () => false,
      );
    while (acknowledged.length < 200) await insert(acknowledged.length);
    await disk.fill();
    while (await insert(acknowledged.length));
    await ended;
    await client.close();
    expect(first.said()).toMatch(/journal cannot be written: .*ENOSPC/);

    // What starts it again meanwhile meets the same disk.
    const full = await start(disk.folder);
    if (full.url === null) expect(full.said()).toContain('ENOSPC');
    full.child.kill('SIGKILL');

    await disk.free();
    const again = await start(disk.folder);
    const reader = await openClient(String(again.url));
    const stored = reader.db('test').collection<{ _id: number }>('rows');
    const found = new Set(await stored.distinct('_id'));
    expect(acknowledged.filter((n) => !found.has(n))).toEqual([]);
    await stored.insertOne({ _id: -1 });
    await reader.close();
    expect(readdirSync(disk.folder).filter((name) => !/^(snapshot|journal[-.]\d+|lock)/.test(name))).toEqual([]);
  },
);
