import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isStudioError, type ModelManifest } from '@embedding-studio/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEncoder, createModelServer, type InferRequest, startModelServer } from '../../src/model-server/index.ts';
import { writeTinyModel } from './tiny-model.ts';

const words = ['[UNK]', 'red', 'shoe', 'blue', 'hat', 'green', 'coat'];
const tokenizerJson = JSON.stringify({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: null,
  decoder: null,
  model: { type: 'WordLevel', unk_token: '[UNK]', vocab: Object.fromEntries(words.map((word, id) => [word, id])) },
});
const manifestOf = (dims: number): ModelManifest => ({
  formatVersion: 1,
  name: 'tiny',
  dims,
  maxTokens: 8,
  inputs: ['input_ids', 'attention_mask'],
  output: 'sentence_embedding',
  queryPrefix: '',
  itemPrefix: '',
  parentId: null,
  method: null,
  trainedOn: null,
  licence: 'none',
  source: 'test',
  files: { 'model.onnx': '', 'tokenizer.json': '' },
});

let repository = '';
let server: { url: string; close(): Promise<void> };
let sent: InferRequest[] = [];
let read: string[] = [];

function openEncoder(dims = 4) {
  const client = createModelServer({
    url: server.url,
    repositoryFolder: repository,
    inferTimeoutMs: 10_000,
    loadTimeoutMs: 10_000,
  });
  const infer = (request: InferRequest) => {
    sent.push(request);
    return client.infer(request);
  };
  return createEncoder({
    server: { infer, loadModel: client.loadModel },
    readModel: async (modelId) => {
      read.push(modelId);
      return { manifest: manifestOf(dims), tokenizerJson };
    },
    batchRows: 2,
    parallel: 2,
    queryCacheEntries: 2,
  });
}

beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), 'encoder-'));
  await writeTinyModel(repository, 'one');
  await writeTinyModel(repository, 'two', 2);
  const limits = { batchRowsMax: 8, queueMax: 50, modelsMax: 4, bodyBytesMax: 100_000 };
  server = await startModelServer({
    host: '127.0.0.1',
    port: 0,
    repositoryFolder: repository,
    threads: 1,
    executionProviders: ['cpu'],
    ...limits,
  });
});

afterAll(async () => {
  await server.close();
  await rm(repository, { recursive: true, force: true });
});

it('loads a model that the server has forgotten, and keeps the order of the texts', async () => {
  const encoder = openEncoder();
  const texts = ['red shoe', 'blue', 'green coat hat', 'red'];
  const together = await encoder.embed({ modelId: 'one', texts, kind: 'item' });
  for (const [index, text] of texts.entries()) {
    const [alone] = await encoder.embed({ modelId: 'one', texts: [text], kind: 'item' });
    expect([...(together[index] ?? [])]).toEqual([...(alone ?? [])]);
  }
});

it('asks once for a query that repeats, and never mixes two models', async () => {
  const encoder = openEncoder();
  const embed = (modelId: string, text: string) => encoder.embed({ modelId, texts: [text], kind: 'query' });
  sent = [];
  const [first] = await embed('one', 'red shoe');
  const [again] = await embed('one', 'red shoe');
  expect(sent).toHaveLength(1);
  expect(again).toEqual(first);
  const [other] = await embed('two', 'red shoe');
  expect(Number(other?.[0])).toBeCloseTo(2 * Number(first?.[0]), 5);
});

it('forgets the query that was asked longest ago', async () => {
  const encoder = openEncoder();
  sent = [];
  for (const text of ['red', 'blue', 'green', 'red'])
    await encoder.embed({ modelId: 'one', texts: [text], kind: 'query' });
  expect(sent).toHaveLength(4);
});

it('refuses vectors of another size than the manifest says', async () => {
  const outcome = await openEncoder(5)
    .embed({ modelId: 'one', texts: ['red'], kind: 'item' })
    .catch((error: unknown) => error);
  expect(isStudioError(outcome) && outcome.code).toBe('MODEL_INVALID');
});

it('forgets models that are used no more: a process outlives many of them', async () => {
  read = [];
  const encoder = openEncoder();
  const embed = (modelId: string) => encoder.embed({ modelId, kind: 'item', texts: ['red'] }).catch(() => undefined);
  await embed('one');
  for (let count = 0; count < 7; count++) await embed(`former-${count}`);
  await embed('one');
  expect(read.filter((modelId) => modelId === 'one')).toHaveLength(1);
  for (let count = 7; count < 15; count++) await embed(`former-${count}`);
  await embed('one');
  expect(read.filter((modelId) => modelId === 'one')).toHaveLength(2);
});
