import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImageEncoder, imageTowerName, type ModelManifest } from '@embedding-studio/contracts';
import { encodeTinyTower, tinyTower } from '@embedding-studio/testing/studio';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createImageEncoder } from '../../src/images/index.ts';
import { createModelServer, type ModelServerClient, startModelServer } from '../../src/model-server/index.ts';
import { createFolderObjectStore } from '../../src/object-store/index.ts';
import { createHostGuard } from '../../src/sources/index.ts';

const tower = encodeTinyTower(5);
const hash = createHash('sha256').update(tower).digest('hex');
const manifest: ModelManifest = {
  ...{ formatVersion: 1, name: 'tiny', dims: 5, maxTokens: 8, output: 'sentence_embedding', queryPrefix: '' },
  ...{ itemPrefix: '', parentId: null, method: null, trainedOn: null, licence: 'none', source: 'test' },
  inputs: ['input_ids', 'attention_mask'],
  files: { 'model.onnx': '', 'tokenizer.json': '', 'image.onnx': hash },
  image: tinyTower,
};
const model = { id: 'mdl_1', name: 'tiny', artefactKey: 'models/mdl_1/', manifest };
const { image: _tower, ...textsOnly } = manifest;

let folder = '';
let server: { url: string; close(): Promise<void> };
let client: ModelServerClient;
let images: ImageEncoder;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'));
  const repositoryFolder = join(folder, 'repository');
  const objects = createFolderObjectStore({ folder: join(folder, 'objects') });
  await objects.putObject(`${model.artefactKey}image.onnx`, tower);
  server = await startModelServer({
    ...{ host: '127.0.0.1', port: 0, repositoryFolder, threads: 1, executionProviders: ['cpu'] },
    ...{ batchRowsMax: 8, queueMax: 50, modelsMax: 4, bodyBytesMax: 1_000_000 },
  });
  client = createModelServer({ url: server.url, repositoryFolder, inferTimeoutMs: 60_000, loadTimeoutMs: 60_000 });
  images = createImageEncoder({ server: client, objects, guard: createHostGuard({ allowed: [] }), batchRows: 2 });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

type Colour = { r: number; g: number; b: number; alpha?: number };
const paint = (background: Colour, width = 9, height = 6) =>
  sharp({ create: { width, height, channels: background.alpha === undefined ? 3 : 4, background } });
const rounded = (vector: Float32Array | undefined) => [...(vector ?? [])].map((value) => Math.round(value * 100) / 100);

it('gives every picture its own vector, in order, by a tower that the server did not have', async () => {
  const files = [
    await paint({ r: 255, g: 0, b: 0 }).png().toBuffer(),
    await paint({ r: 0, g: 255, b: 0 }, 30, 4).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
    await paint({ r: 0, g: 0, b: 255 }, 2, 50).webp({ lossless: true }).toBuffer(),
  ];
  expect(await client.isModelReady(imageTowerName(hash))).toBe(false);
  const together = await images.embedImages({ model, images: files });
  expect(together.map(rounded)).toEqual([
    [1, 0, 0, 0, 0],
    [0, 1, 0, 0, 0],
    [0, 0, 1, 0, 0],
  ]);
  const [last] = await images.embedImages({ model, images: files.slice(2) });
  expect(last).toEqual(together[2]);
});

it('goes on when the server has forgotten the tower, and when two ask for it at once', async () => {
  const file = await paint({ r: 255, g: 0, b: 0 }).png().toBuffer();
  const name = imageTowerName(hash);
  await client.unloadModel(name);
  expect(await images.embedImages({ model, images: [file] })).toHaveLength(1);
  await client.unloadModel(name);
  await client.removeModel(name);
  const both = await Promise.all([1, 2].map(() => images.embedImages({ model, images: [file] })));
  expect(both.flat().map(rounded)).toEqual([
    [1, 0, 0, 0, 0],
    [1, 0, 0, 0, 0],
  ]);
  expect(await readdir(join(folder, 'repository'))).toEqual([name]);
});

it('sees clear pictures on white, and grey ones as three equal colours', async () => {
  const clear = await paint({ r: 0, g: 0, b: 0, alpha: 0 }).png().toBuffer();
  const grey = await paint({ r: 90, g: 90, b: 90 }).toColourspace('b-w').png().toBuffer();
  const third = Math.round(100 / Math.sqrt(3)) / 100;
  expect((await images.embedImages({ model, images: [clear, grey] })).map(rounded)).toEqual([
    [third, third, third, 0, 0],
    [third, third, third, 0, 0],
  ]);
});

it('refuses what is no picture of the formats it reads, naming the field', async () => {
  const refusal = { code: 'INPUT_INVALID', field: 'image' };
  const png = await paint({ r: 255, g: 0, b: 0 }, 60, 60).png().toBuffer();
  const gif = await paint({ r: 255, g: 0, b: 0 }).gif().toBuffer();
  for (const file of [Buffer.from('no picture'), png.subarray(0, png.length - 20), gif, Buffer.alloc(5_000_000)])
    await expect(images.checkImage(file)).rejects.toMatchObject(refusal);
  await expect(images.checkImage(png)).resolves.toBeUndefined();
  const plain = { ...model, manifest: textsOnly };
  await expect(images.embedImages({ model: plain, images: [png] })).rejects.toMatchObject(refusal);
});

it('fetches over https from the public internet only', async () => {
  for (const url of [
    'http://example.com/a.png',
    'https://127.0.0.1/a.png',
    'https://169.254.169.254/latest',
    'https://[::1]/',
  ])
    await expect(images.fetchImage(url)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});
