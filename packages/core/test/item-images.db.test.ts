import { createHash, randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest } from '@embedding-studio/contracts';
import {
  type Ctx,
  cancelTask,
  getItem,
  registerBaseModel,
  requestDeletion,
  requestInitialIndex,
  requestReindex,
  requestRetention,
  requestUpsertion,
  searchItems,
} from '@embedding-studio/core';
import { createImageEncoder } from '@embedding-studio/integrations/images';
import { createModelServer, startModelServer } from '@embedding-studio/integrations/model-server';
import { createHostGuard } from '@embedding-studio/integrations/sources';
import {
  drainTasks,
  encodeTinyTower,
  startTestStudio,
  type TestStudio,
  tinyTower,
  writeWordArtefact,
} from '@embedding-studio/testing/studio';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addStoredRows } from '../src/fine-tuning/stored-rows.ts';
import { sweepImages } from '../src/retention/sweep-images.ts';

let studio: TestStudio;
let server: { url: string; close(): Promise<void> };
let ctx: Ctx;

beforeAll(async () => {
  studio = await startTestStudio();
  const repositoryFolder = join(studio.folder, 'repository');
  server = await startModelServer({
    ...{ host: '127.0.0.1', port: 0, repositoryFolder, threads: 1, executionProviders: ['cpu'] },
    ...{ batchRowsMax: 8, queueMax: 50, modelsMax: 4, bodyBytesMax: 1_000_000 },
  });
  const towers = createModelServer({ url: server.url, repositoryFolder, inferTimeoutMs: 9_000, loadTimeoutMs: 9_000 });
  const guard = createHostGuard({ allowed: [] });
  const images = createImageEncoder({ server: towers, objects: studio.deps.objects, guard, batchRows: 2 });
  ctx = { ...studio.ctx, deps: { ...studio.deps, images } };
});
afterAll(async () => {
  await server.close();
  await studio.close();
});

/** A word model, with a tower that sees nothing but colours where asked for. */
async function registerWords(name: string, hasTower: boolean) {
  const folder = await writeWordArtefact(join(studio.folder, name));
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as ModelManifest;
  const tower = encodeTinyTower(manifest.dims);
  const hash = createHash('sha256').update(tower).digest('hex');
  await writeFile(join(folder, 'image.onnx'), tower);
  const image = { image: tinyTower, files: { ...manifest.files, 'image.onnx': hash } };
  await writeFile(path, JSON.stringify({ ...manifest, name, ...(hasTower && image) }));
  return registerBaseModel({ ctx, input: { folder } });
}

async function paint(colour: { r: number; g: number; b: number }): Promise<string> {
  const file = await sharp({ create: { width: 8, height: 8, channels: 3, background: colour } })
    .png()
    .toBuffer();
  return file.toString('base64');
}

const vectorsOf = async (ids: string[]) => {
  const live = await ctx.deps.collections.findLive();
  const rows = await ctx.deps.collections.getVectors(live?.collectionId ?? '', ids);
  return rows.map(({ itemId, ordinal, vector }) => [itemId, ordinal, ...[...vector.slice(0, 3)].map(Math.round)]);
};

test('pictures are parts: embedded, found, kept by a reindex, and refused by a model that reads texts only', async () => {
  const seeing = await registerWords('seeing', true);
  await requestInitialIndex({ ctx, input: { modelId: seeing.id } });
  await drainTasks(ctx.deps);
  const [red, blue] = [await paint({ r: 255, g: 0, b: 0 }), await paint({ r: 0, g: 0, b: 255 })];
  const items = [
    { id: 'alone', image: { data: red } },
    { id: 'titled', title: 'a frog', image: { data: blue } },
    { id: 'unreachable', image: { url: 'https://127.0.0.1/a.png' } },
  ];
  await requestUpsertion({ ctx, input: { id: 'pictures', items } });
  await drainTasks(ctx.deps);
  const task = await ctx.deps.tasks.getTask('pictures');
  expect(JSON.stringify(task.input)).not.toContain(red);
  expect(task.failures).toMatchObject([{ itemId: 'unreachable', stage: 'load' }]);
  const stored = await getItem({ ctx, input: { itemId: 'alone' } });
  expect(stored).toMatchObject({ parts: [], image: expect.stringMatching(/^[0-9a-f]{64}$/) });
  const parts = [
    ['alone', 0, 1, 0, 0],
    ['titled', 1, 0, 0, 1],
  ];
  expect((await vectorsOf(['alone', 'titled'])).filter(([id, at]) => id === 'alone' || at === 1)).toEqual(parts);
  const { hits } = await searchItems({ ctx, input: { query: 'anything', legs: 'vector' } });
  expect(hits.map(({ itemId }) => itemId).sort()).toEqual(['alone', 'titled']);

  const itemTexts = { alone: '', titled: 'a frog' };
  const clicked = [{ itemId: 'alone', weight: 1 }];
  const trainingSet = { queries: [{ queryId: 'q', text: 'red', clicked, skipped: ['titled'] }], itemTexts };
  const given = { aids: { trainingSet }, validation: { queries: [], itemTexts } };
  const found = await addStoredRows(ctx, given, { base: seeing, seed: 1 });
  const { itemRows, queries } = found.aids.trainingSet;
  expect(
    itemRows?.ids.map((id, at) => [id, ...(itemRows.values.slice(at * itemRows.dims, at * itemRows.dims + 3) ?? [])]),
  ).toEqual([
    ['alone', 1, 0, 0],
    ['titled', 0, 0, 1],
  ]);
  expect(found.validation?.itemRows).toBe(itemRows);
  // The title of a picture asks for it, beside what was clicked.
  expect(queries.map(({ text, clicked: [first] }) => [text, first?.itemId])).toEqual([
    ['red', 'alone'],
    ['a frog', 'titled'],
  ]);
  const texts = {
    aids: { trainingSet: { ...trainingSet, itemTexts: { alone: 'rose', titled: 'a frog' } } },
    validation: undefined,
  };
  expect(await addStoredRows(ctx, texts, { base: seeing, seed: 1 })).toEqual(texts);
  const other = { base: { ...seeing, id: 'mdl_other' }, seed: 1 };
  await expect(addStoredRows(ctx, given, other)).rejects.toMatchObject({ code: 'TRAINING_EVIDENCE_MISSING' });

  const again = [{ id: 'again', image: { sha256: stored.image ?? '' } }];
  await requestUpsertion({ ctx, input: { id: 'again', items: again } });
  await requestReindex({
    ctx,
    input: { sourceModelId: seeing.id, destModelId: (await registerWords('seeing-too', true)).id },
  });
  await drainTasks(ctx.deps);
  expect((await vectorsOf(['alone', 'again'])).map(([, ...rest]) => rest)).toEqual([
    [0, 1, 0, 0],
    [0, 1, 0, 0],
  ]);

  for (const [image, field] of [
    [{ data: Buffer.from('no picture').toString('base64') }, 'items.1.image'],
    [{ sha256: '0'.repeat(64) }, 'items.1.image.sha256'],
    [{ url: 'http://example.com/a.png' }, 'items.1.image.url'],
  ] as const)
    await expect(
      requestUpsertion({
        ctx,
        input: {
          items: [
            { id: 'a', title: 'a' },
            { id: 'b', image },
          ],
        },
      }),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID', field });
});

test('a model without an image tower takes no pictures, and says so before anything is queued', async () => {
  const source = await ctx.deps.models.findModelByName('seeing-too');
  const reading = await registerWords('reading', false);
  await requestReindex({ ctx, input: { sourceModelId: source?.id ?? '', destModelId: reading.id } });
  await drainTasks(ctx.deps);
  const live = await ctx.deps.collections.findLiveCollection();
  // What is there are pictures, which it could not embed: it has not become live.
  expect(live?.collection.modelId).toBe(source?.id);
  const findLiveCollection = async () => live && { ...live, collection: { ...live.collection, modelId: reading.id } };
  const deps = { ...ctx.deps, collections: { ...ctx.deps.collections, findLiveCollection } };
  const items = [{ id: 'x', image: { data: await paint({ r: 255, g: 0, b: 0 }) } }];
  await expect(requestUpsertion({ ctx: { ...ctx, deps }, input: { items } })).rejects.toMatchObject({
    ...{ code: 'INPUT_INVALID', field: 'items.0.image' },
  });
});

test('a picture goes with the last item that has it, and stays while an upsertion waits for it', async () => {
  const keptOf = async () => (await ctx.deps.objects.listObjects('images/')).map(({ key }) => key.slice(7)).sort();
  const sweep = async () => {
    const { id } = await requestRetention({ ctx: { ...ctx, requestId: randomUUID() } });
    await drainTasks(ctx.deps);
    return (await ctx.deps.tasks.getTask(id)).result;
  };
  const [red, blue] = await Promise.all(
    ['alone', 'titled'].map(async (itemId) => (await getItem({ ctx, input: { itemId } })).image ?? ''),
  );
  await requestDeletion({ ctx, input: { itemIds: ['alone', 'titled'] } });
  await drainTasks(ctx.deps);
  expect(await sweep()).toMatchObject({ images: 0 });
  studio.passSeconds(2 * 86_400);
  expect(await sweep()).toMatchObject({ images: 1 });
  expect(await keptOf()).toEqual([red]);
  await requestDeletion({ ctx, input: { itemIds: ['again'] } });
  await drainTasks(ctx.deps);
  const waiting = [{ id: 'waiting', title: '', text: '', payload: {}, image: { sha256: red ?? '' } }];
  await ctx.deps.tasks.requestTask({ kind: 'upsertion', idempotencyKey: 'waits', input: { items: waiting } });
  const keep = async () => undefined;
  await sweepImages(ctx, { keep });
  expect(await keptOf()).toEqual([red]);
  const [task] = await ctx.deps.tasks.listTasks({ kind: 'upsertion', status: 'pending', offset: 0, limit: 1 });
  await cancelTask({ ctx, input: { taskId: task?.id ?? '' } });
  await sweepImages(ctx, { keep });
  expect(await keptOf()).toEqual([]);
  expect(blue).not.toBe(red);
});
