import {
  authenticate,
  type Ctx,
  createApiKey,
  createCollection,
  deleteObjects,
  findObjects,
  findSimilar,
  getCollection,
  listCollections,
  putObjects,
  registerBaseModel,
  searchItems,
} from '@embedding-studio/core';
import { type TestStudio, writeWordArtefact } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop } from './rollout-world.ts';

let studio: TestStudio;
let ctx: Ctx;
let modelId = '';
let dims = 0;

beforeAll(async () => {
  studio = await openShop();
  ctx = studio.ctx;
  const folder = await writeWordArtefact(`${studio.folder}/own`, { synonyms: { own: 'one' } });
  const model = await registerBaseModel({ ctx, input: { folder } });
  modelId = model.id;
  dims = model.manifest.dims;
  await createCollection({ ctx, input: { modelId } });
});
afterAll(() => studio.close());

/** Unit vector along an axis. */
const axis = (index: number): number[] => Array.from({ length: dims }, (_, at) => (at === index ? 1 : 0));
const find = async (...objectIds: string[]) => findObjects({ ctx, input: { modelId, objectIds } });
const ordinalsOf = async (objectId: string) => (await find(objectId))[0]?.parts.map(({ ordinal }) => ordinal);

describe('vectors of a caller', () => {
  test('come back as they were given, with the payload, in the order asked for', async () => {
    const objects = [
      { objectId: 'mug', payload: { title: 'Blue mug', price: 7 }, parts: [{ vector: axis(0) }, { vector: axis(1) }] },
      { objectId: 'vase', payload: {}, parts: [{ vector: axis(2), ordinal: 5 }] },
    ];
    expect(await putObjects({ ctx, input: { modelId, objects, mode: 'insert' } })).toEqual({ written: 2 });
    expect(await find('vase', 'nothing', 'mug')).toEqual([
      { objectId: 'vase', payload: { title: '' }, parts: [{ ordinal: 5, vector: axis(2) }] },
      {
        objectId: 'mug',
        payload: { title: 'Blue mug', price: 7 },
        parts: [
          { ordinal: 0, vector: axis(0) },
          { ordinal: 1, vector: axis(1) },
        ],
      },
    ]);
  });

  test('find each object once, by its nearest part, within the distance', async () => {
    const queryVector = axis(1);
    const near = await findSimilar({ ctx, input: { modelId, queryVector, limit: 5 } });
    expect(near.map(({ objectId }) => objectId)).toEqual(['mug', 'vase']);
    expect(near[0]?.distance).toBeCloseTo(0);
    expect(near[1]?.distance).toBeCloseTo(1);
    const within = await findSimilar({ ctx, input: { modelId, queryVector, limit: 5, maxDistance: 0.5 } });
    expect(within.map(({ objectId }) => objectId)).toEqual(['mug']);
    const second = await findSimilar({ ctx, input: { modelId, queryVector, limit: 1, offset: 1 } });
    expect(second.map(({ objectId }) => objectId)).toEqual(['vase']);
  });

  test('replace or join the parts that are there; the item itself stays when no payload comes', async () => {
    const put = (mode: 'replace' | 'merge', ordinal: number) =>
      putObjects({
        ctx,
        input: { modelId, mode, objects: [{ objectId: 'mug', parts: [{ vector: axis(3), ordinal }] }] },
      });
    await put('merge', 4);
    expect(await ordinalsOf('mug')).toEqual([0, 1, 4]);
    await put('merge', 1);
    expect((await find('mug'))[0]?.parts[1]).toEqual({ ordinal: 1, vector: axis(3) });
    await put('replace', 2);
    expect(await ordinalsOf('mug')).toEqual([2]);
    expect((await find('mug'))[0]?.payload).toEqual({ title: 'Blue mug', price: 7 });
  });

  test('are refused when they exist already, and leave everything as it was', async () => {
    const objects = [
      { objectId: 'new', parts: [{ vector: axis(0) }] },
      { objectId: 'mug', parts: [{ vector: axis(0) }] },
    ];
    await expect(putObjects({ ctx, input: { modelId, objects, mode: 'insert' } })).rejects.toMatchObject({
      ...{ code: 'TASK_CONFLICT', field: 'objects.1.objectId' },
    });
    expect(await find('new')).toEqual([]);
    expect(await ordinalsOf('mug')).toEqual([2]);
  });

  test('leave one collection only: the item is still found by its words', async () => {
    await deleteObjects({ ctx, input: { modelId, objectIds: ['mug', 'never'] } });
    expect(await find('mug')).toEqual([]);
    const { hits } = await searchItems({ ctx, input: { query: 'blue mug', legs: 'lexical' } });
    expect(hits.map(({ itemId }) => itemId)).toContain('mug');
  });
});

describe('a key bound to one collection', () => {
  test('reads and writes there, sees no other, and does not reach what serves', async () => {
    const { id } = (await getCollection({ ctx, input: { modelId } })).collection;
    const input = { name: 'bound', scopes: ['search' as const, 'ingest' as const], collections: [id] };
    const { secret } = await createApiKey({ ctx, input });
    const { actor } = await authenticate({ deps: ctx.deps, secret });
    const bound: Ctx = { ...ctx, actor };
    const objects = [{ objectId: 'bound', parts: [{ vector: axis(1) }] }];
    await putObjects({ ctx: bound, input: { modelId, objects } });
    expect(await findSimilar({ ctx: bound, input: { modelId, queryVector: axis(1), limit: 1 } })).toHaveLength(1);
    const listed = await listCollections({ ctx: bound, input: {} });
    expect(listed.map(({ collection }) => collection.id)).toEqual([id]);
    const live = await ctx.deps.collections.findLiveCollection();
    const other = { modelId: live?.collection.modelId ?? '' };
    const calls = [
      () => searchItems({ ctx: bound, input: { query: 'mug' } }),
      () => getCollection({ ctx: bound, input: other }),
      () => putObjects({ ctx: bound, input: { ...other, objects } }),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('without the scope learns not even which collections there are', async () => {
    const { secret } = await createApiKey({ ctx, input: { name: 'clicks', scopes: ['clickstream'] } });
    const { actor } = await authenticate({ deps: ctx.deps, secret });
    const stranger: Ctx = { ...ctx, actor };
    for (const id of [modelId, 'mdl_none']) {
      const input = { modelId: id, objectIds: ['mug'] };
      await expect(findObjects({ ctx: stranger, input })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(getCollection({ ctx: stranger, input: { modelId: id } })).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    }
  });
});
