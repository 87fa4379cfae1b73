import {
  findNeighbours,
  getProjectionChunk,
  importSessions,
  listProjections,
  registerBaseModel,
  requestInitialIndex,
  requestProjection,
  requestRetention,
  requestUpsertion,
} from '@embedding-studio/core';
import {
  drainTasks,
  slangWorld,
  startTestStudio,
  type TestStudio,
  writeWordArtefact,
} from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, it } from 'vitest';

const shop = slangWorld({ itemsPerTopic: 4, sessionsPerTopic: 4 });
let studio: TestStudio;
beforeAll(async () => {
  studio = await startTestStudio();
  const { ctx, folder, deps } = studio;
  const { id: modelId } = await registerBaseModel({
    ctx,
    input: { folder: await writeWordArtefact(`${folder}/base`) },
  });
  await requestUpsertion({ ctx, input: { id: 'items', items: shop.items } });
  await requestInitialIndex({ ctx, input: { modelId } });
  await drainTasks(deps);
  await importSessions({ ctx, input: { sessions: shop.sessions } });
});
afterAll(() => studio?.close());

it('a map holds every item with its clicks and the queries, and a new map takes the place of the old one', async () => {
  const { ctx, deps } = studio;
  await requestProjection({ ctx, input: {} });
  await drainTasks(deps);
  const [first] = await listProjections({ ctx });
  expect(first).toMatchObject({ items: shop.items.length, itemsTotal: shop.items.length, chunks: 1 });
  const { collectionId = '', taskId = '', queries = 0 } = first ?? {};
  const chunk = await getProjectionChunk({ ctx, input: { collectionId, taskId, chunk: 0 } });
  expect([...chunk.ids].sort()).toEqual(shop.items.map(({ id }) => id).sort());
  expect(Buffer.from(chunk.xy, 'base64')).toHaveLength(chunk.ids.length * 8);
  expect(chunk.clicks.some((clicks) => clicks > 0)).toBe(true);
  expect(queries).toBeGreaterThan(0);
  expect((await getProjectionChunk({ ctx, input: { collectionId, taskId, chunk: 1 } })).ids).toHaveLength(queries);

  await requestProjection({ ctx: { ...ctx, requestId: 'again' }, input: {} });
  await drainTasks(deps);
  expect((await listProjections({ ctx })).map((one) => one.collectionId)).toEqual([collectionId]);
  await expect(getProjectionChunk({ ctx, input: { collectionId, taskId, chunk: 0 } })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    field: 'taskId',
  });
});

it('a sweep deletes what no map leads to: replaced, unfinished, of a collection that is gone; not what is being written', async () => {
  const { ctx, deps } = studio;
  const [{ collectionId, taskId } = { collectionId: '', taskId: '' }] = await listProjections({ ctx });
  const { task: open } = await deps.tasks.requestTask({
    ...{ kind: 'projection', idempotencyKey: 'open', input: { collectionId, field: null } },
  });
  const put = (key: string) => deps.objects.putObject(`projections/${key}`, Buffer.from('{}'));
  await put(`${collectionId}/tsk_replaced/chunk-0000.json`);
  await put(`${collectionId}/${open.id}/chunk-0000.json`);
  await put('col_gone/tsk_x/chunk-0000.json');
  const sweep = await requestRetention({ ctx });
  await drainTasks(deps, { until: ({ kind }) => kind !== 'retention' });
  expect((await deps.tasks.getTask(sweep.id)).result).toMatchObject({ maps: 2 });
  const left = (await deps.objects.listObjects('projections/')).map(({ key }) => key.split('/').slice(1, 3).join('/'));
  expect(new Set(left)).toEqual(
    new Set([`${collectionId}/manifest.json`, `${collectionId}/${taskId}`, `${collectionId}/${open.id}`]),
  );
  expect((await getProjectionChunk({ ctx, input: { collectionId, taskId, chunk: 0 } })).ids).not.toEqual([]);
});

it('neighbours are the nearest items in the space of the collection, without the item itself', async () => {
  const { ctx } = studio;
  const [projection] = await listProjections({ ctx });
  const itemId = shop.items[0]?.id ?? '';
  const input = { collectionId: projection?.collectionId ?? '', itemId, limit: 3 };
  const { item, neighbours } = await findNeighbours({ ctx, input });
  expect(item?.itemId).toBe(itemId);
  expect(neighbours).toHaveLength(3);
  expect(neighbours.map((one) => one.itemId)).not.toContain(itemId);
  const similarities = neighbours.map(({ similarity }) => similarity);
  expect(similarities).toEqual([...similarities].sort((left, right) => right - left));
});
