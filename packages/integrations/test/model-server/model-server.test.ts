import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isStudioError } from '@embedding-studio/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createModelServer,
  type ModelServerClient,
  startModelServer,
  type Tensor,
} from '../../src/model-server/index.ts';
import { writeTinyModel } from './tiny-model.ts';

let repository = '';
let client: ModelServerClient;
let server: { url: string; close(): Promise<void> };

function tokens(rows: number[][], width = Math.max(...rows.map((row) => row.length))): Tensor[] {
  const ids = new BigInt64Array(rows.length * width);
  const mask = new BigInt64Array(rows.length * width);
  rows.forEach((row, r) => {
    row.forEach((id, c) => {
      ids[r * width + c] = BigInt(id);
      mask[r * width + c] = 1n;
    });
  });
  const shape = [rows.length, width];
  return [
    { name: 'input_ids', datatype: 'INT64', shape, values: ids },
    { name: 'attention_mask', datatype: 'INT64', shape, values: mask },
  ];
}

const infer = (model: string, inputs: Tensor[]) =>
  client.infer({ model, inputs, output: 'sentence_embedding', priority: 1 });
const codeOf = (error: unknown) => (isStudioError(error) ? error.code : String(error));

beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), 'model-server-'));
  await writeTinyModel(repository, 'one');
  await writeTinyModel(repository, 'two', 2);
  const limits = { batchRowsMax: 8, queueMax: 50, modelsMax: 2, bodyBytesMax: 100_000 };
  server = await startModelServer({
    host: '127.0.0.1',
    port: 0,
    repositoryFolder: repository,
    threads: 1,
    executionProviders: ['cpu'],
    ...limits,
  });
  client = createModelServer({
    url: server.url,
    repositoryFolder: repository,
    inferTimeoutMs: 10_000,
    loadTimeoutMs: 10_000,
  });
  await client.loadModel('one');
});

afterAll(async () => {
  await server.close();
  await rm(repository, { recursive: true, force: true });
});

describe('model server', () => {
  it('is ready, and says so per model', async () => {
    expect(await client.isReady()).toBe(true);
    expect(await client.isModelReady('one')).toBe(true);
    expect(await client.isModelReady('absent')).toBe(false);
  });

  it('lists its repository with what is loaded, and measures what runs', async () => {
    const listed = await client.listServedModels();
    expect(listed.map(({ name, state }) => [name, state]).sort()).toEqual([
      ['one', 'READY'],
      ['two', 'UNAVAILABLE'],
    ]);
    const before = await client.findModelLatency('one');
    for (let run = 0; run < 3; run++) await infer('one', tokens([[1, 2], [3]]));
    const latency = await client.findModelLatency('one');
    expect((latency?.runs ?? 0) - (before?.runs ?? 0)).toBe(3);
    expect((latency?.rows ?? 0) - (before?.rows ?? 0)).toBe(6);
    expect(latency?.p50Ms).toBeGreaterThan(0);
    expect(latency?.p95Ms).toBeGreaterThanOrEqual(latency?.p50Ms ?? Number.POSITIVE_INFINITY);
    expect(latency?.rowsPerSecond).toBeGreaterThan(0);
    expect(await client.findModelLatency('two')).toBeNull();
  });

  it('answers the same vector for a text alone and inside a padded batch of other requests', async () => {
    const alone = await infer('one', tokens([[1, 2, 3]]));
    const [together, longer] = await Promise.all([
      infer('one', tokens([[1, 2, 3]])),
      infer('one', tokens([[4, 5, 6, 7, 8, 9]])),
    ]);
    expect([...together.values].map(Number)).toEqual([...alone.values].map(Number));
    expect(longer.shape).toEqual([1, 4]);
    expect(Number(alone.values[0])).toBeCloseTo((Math.sin(5) + Math.sin(9) + Math.sin(13)) / 3, 6);
  });

  it('serves several models at once and forgets one when it is unloaded', async () => {
    await client.loadModel('two');
    const [one, two] = await Promise.all([infer('one', tokens([[3]])), infer('two', tokens([[3]]))]);
    expect(Number(two.values[0])).toBeCloseTo(2 * Number(one.values[0]), 6);
    await client.unloadModel('two');
    expect(await infer('two', tokens([[3]])).catch(codeOf)).toBe('MODEL_NOT_FOUND');
    expect((await infer('one', tokens([[3]]))).shape).toEqual([1, 4]);
  });

  it('answers every one of many parallel requests with its own rows', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => infer('one', tokens([[index % 16]]))));
    answers.forEach((answer, index) => {
      expect(Number(answer.values[0])).toBeCloseTo(Math.sin((index % 16) * 4 + 1), 5);
    });
  });

  it('refuses a missing input, an unknown model and an id outside the table, each by name', async () => {
    const [ids] = tokens([[1]]);
    expect(await infer('one', ids ? [ids] : []).catch((error: Error) => error.message)).toContain('attention_mask');
    expect(await infer('absent', tokens([[1]])).catch(codeOf)).toBe('MODEL_NOT_FOUND');
    expect(await client.loadModel('absent').catch(codeOf)).toBe('MODEL_NOT_FOUND');
    expect(await infer('one', tokens([[99]])).catch(codeOf)).toBe('MODEL_INVALID');
  });

  it('refuses a path as a model name', async () => {
    const response = await fetch(`${server.url}/v2/repository/models/${encodeURIComponent('../etc')}/load`, {
      method: 'POST',
    });
    expect(response.status).toBe(422);
  });

  it('refuses a body over the limit and a header length that lies', async () => {
    const big = await infer(
      'one',
      tokens(Array.from({ length: 20 }, () => Array.from({ length: 400 }, () => 1))),
    ).catch(codeOf);
    expect(big).toBe('MODEL_INVALID');
    const headers = { 'content-type': 'application/octet-stream', 'inference-header-content-length': '9999' };
    const response = await fetch(`${server.url}/v2/models/one/infer`, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ field: 'inference-header-content-length' });
  });

  it('takes plain JSON tensors too, as the protocol asks', async () => {
    const inputs = [
      { name: 'input_ids', shape: [1, 2], datatype: 'INT64', data: [1, 2] },
      { name: 'attention_mask', shape: [1, 2], datatype: 'INT64', data: [1, 1] },
    ];
    const response = await fetch(`${server.url}/v2/models/one/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs }),
    });
    expect(response.status).toBe(200);
  });

  it('tells a server that is away from one that refuses', async () => {
    const away = createModelServer({
      url: 'http://127.0.0.1:9',
      repositoryFolder: repository,
      inferTimeoutMs: 500,
      loadTimeoutMs: 500,
    });
    const answer = away.infer({ model: 'one', inputs: tokens([[1]]), output: 'sentence_embedding', priority: 1 });
    expect(await answer.catch(codeOf)).toBe('MODEL_SERVER_UNAVAILABLE');
  });
});
