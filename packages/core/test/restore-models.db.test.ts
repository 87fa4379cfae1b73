import { describeModels, registerBaseModel, restoreModels } from '@embedding-studio/core';
import { type TestStudio, writeWordArtefact } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop } from './rollout-world.ts';

let studio: TestStudio;
let liveModelId = '';
beforeAll(async () => {
  studio = await openShop();
  liveModelId = (await studio.deps.collections.findLiveCollection())?.collection.modelId ?? '';
});
afterAll(() => studio?.close());

const stateOf = async (modelId: string) => {
  const { rows } = await describeModels({ ctx: studio.ctx, input: {} });
  return rows.find(({ id }) => id === modelId)?.serving?.state ?? null;
};

test('a server that has forgotten its models gets those that serve again, and no others', async () => {
  const { ctx, deps, folder } = studio;
  const other = await registerBaseModel({ ctx, input: { folder: await writeWordArtefact(`${folder}/other`) } });
  await deps.modelServer.unloadModel(liveModelId);
  expect(await stateOf(liveModelId)).toBe('UNAVAILABLE');
  expect(await restoreModels({ ctx })).toEqual([liveModelId]);
  expect(await stateOf(liveModelId)).toBe('READY');
  if (other.id !== liveModelId) expect(await deps.modelServer.isModelReady(other.id)).toBe(false);
  expect(await restoreModels({ ctx })).toEqual([]);
});

test('one whose repository is empty gets the artefact again', async () => {
  const { ctx, deps } = studio;
  await deps.modelServer.unloadModel(liveModelId);
  await deps.modelServer.removeModel(liveModelId);
  expect(await stateOf(liveModelId)).toBeNull();
  expect(await restoreModels({ ctx })).toEqual([liveModelId]);
  expect(await stateOf(liveModelId)).toBe('READY');
});

test('a model that cannot be loaded holds up none of the others and is said', async () => {
  const { ctx, deps, log } = studio;
  await deps.modelServer.unloadModel(liveModelId);
  const modelServer = { ...deps.modelServer, loadModel: () => Promise.reject(new Error('out of memory')) };
  expect(await restoreModels({ ctx: { ...ctx, deps: { ...deps, modelServer } } })).toEqual([]);
  expect(log.some(({ message }) => message === 'model is needed and could not be loaded')).toBe(true);
});
