import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolder, openClient } from './server-folder.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

function startProcess(folder: string): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--port', '0', '--folder', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The child has no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ready ')) return line.slice('ready '.length);
  }
  throw new Error('The server ended before it was ready');
}

async function textOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, 'exit');
  return text;
}

it('loses no acknowledged write to kill -9, three times, and still enforces its unique index', async () => {
  const folder = makeFolder();
  const acknowledged = new Set<number>();
  let next = 0;
  for (let round = 0; round < 3; round++) {
    const child = startProcess(folder);
    const client = await openClient(await readyUrl(child));
    const rows = client.db('test').collection('rows');
    await rows.createIndex({ n: 1 }, { unique: true });
    expect(await rows.countDocuments()).toBeGreaterThanOrEqual(acknowledged.size);
    const writer = async () => {
      for (;;) {
        const n = next++;
        await rows.insertOne({ n, text: 'x'.repeat(200) });
        acknowledged.add(n);
      }
    };
    const before = acknowledged.size;
    const writers = Promise.allSettled([writer(), writer(), writer(), writer()]);
    await expect.poll(() => acknowledged.size - before, { timeout: 30_000 }).toBeGreaterThan(150);
    child.kill('SIGKILL');
    await writers;
    await client.close();
  }

  const child = startProcess(folder);
  const client = await openClient(await readyUrl(child));
  const rows = client.db('test').collection('rows');
  const found = new Set(await rows.distinct('n'));
  expect([...acknowledged].filter((n) => !found.has(n))).toEqual([]);
  expect(await rows.countDocuments()).toBe(found.size);
  const [some] = acknowledged;
  await expect(rows.insertOne({ n: some })).rejects.toMatchObject({ code: 11000 });
  await client.close();
});

it('refuses a second process on its folder, and leaves cleanly on SIGTERM', async () => {
  const folder = makeFolder();
  const first = startProcess(folder);
  const client = await openClient(await readyUrl(first));
  await client.db('test').collection('rows').insertOne({ a: 1 });
  const second = startProcess(folder);
  expect(await textOf(second)).toMatch(new RegExp(`in use by process ${first.pid}`));
  expect(second.exitCode).toBe(1);
  first.kill('SIGTERM');
  await once(first, 'exit');
  expect(first.exitCode).toBe(0);
  const third = startProcess(folder);
  const again = await openClient(await readyUrl(third));
  expect(await again.db('test').collection('rows').countDocuments()).toBe(1);
});
