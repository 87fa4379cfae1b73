import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createModelServer, type ModelServerClient } from '../../src/model-server/index.ts';
import { writeTinyModel } from './tiny-model.ts';

const warmUpCycles = 12;
const cycles = 20;
let repository: string;
let child: ChildProcess;
let client: ModelServerClient;

beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), 'repeated-loading-'));
  await writeTinyModel(repository, 'one');
  const program = fileURLToPath(new URL('../../../../apps/model-server/src/main.ts', import.meta.url));
  const node = ['--import', 'tsx', program, '--repository', repository, '--threads', '1'];
  child = spawn(process.execPath, node, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new TypeError('the server has no output');
  const [line] = await once(createInterface(child.stdout), 'line');
  const { url } = JSON.parse(String(line)) as { url: string };
  client = createModelServer({ url, repositoryFolder: repository, inferTimeoutMs: 10_000, loadTimeoutMs: 10_000 });
});
afterAll(async () => {
  child.kill();
  await rm(repository, { recursive: true, force: true });
});

async function cycle(): Promise<void> {
  await client.loadModel('one');
  const values = new BigInt64Array([1n, 2n]);
  const inputs = ['input_ids', 'attention_mask'].map((name) => ({
    ...{ name, datatype: 'INT64' as const, shape: [1, 2], values },
  }));
  await client.infer({ model: 'one', inputs, output: 'sentence_embedding', priority: 1 });
  await client.unloadModel('one');
}

/** Resident bytes of the server, as Linux counts them. */
async function resident(): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024;
}

/** Freed memory goes back when it pleases the allocator: the lowest of the last five cycles. */
async function lowestAfter(count: number): Promise<number> {
  const seen: number[] = [];
  for (let at = 0; at < count; at++) {
    await cycle();
    seen.push(await resident());
  }
  return Math.min(...seen.slice(-5));
}

it.runIf(process.platform === 'linux')('takes no more memory after twenty models came and went', async () => {
  const before = await lowestAfter(warmUpCycles);
  const after = await lowestAfter(cycles);
  expect(before).toBeGreaterThan(0);
  expect(after / before).toBeLessThan(1.05);
});
