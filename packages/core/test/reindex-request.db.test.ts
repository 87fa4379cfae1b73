import {
  type Ctx,
  cancelRollout,
  deleteCollection,
  getCollection,
  getReindex,
  listReindexes,
  registerBaseModel,
  requestModelDeletion,
  requestModelDeployment,
  requestReindex,
  retryRollout,
  rollBack,
  searchItems,
  setLive,
} from '@embedding-studio/core';
import { drainTasks, type TestStudio, writeWordArtefact } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop, requestTuning } from './rollout-world.ts';

let studio: TestStudio;
let ctx: Ctx;
let sourceModelId = '';
let destModelId = '';

beforeAll(async () => {
  studio = await openShop();
  ctx = studio.ctx;
  sourceModelId = await liveModel();
  const folder = await writeWordArtefact(`${studio.folder}/other`, { synonyms: { other: 'one' } });
  destModelId = (await registerBaseModel({ ctx, input: { folder } })).id;
});
afterAll(() => studio.close());

const liveModel = async () => {
  const live = await ctx.deps.collections.findLiveCollection();
  return live?.collection.modelId ?? '';
};
const request = (change: object = {}) =>
  requestReindex({ ctx, input: { sourceModelId, destModelId, deploy: false, ...change } });
const statusOf = async (reindexId: string) => (await getReindex({ ctx, input: { reindexId } })).status;

describe('a reindex on request', () => {
  test('fills and verifies a second collection and rests there, while the first one serves', async () => {
    const { id } = await request({ id: 'mine' });
    expect(await statusOf(id)).toBe('pending');
    expect((await request({ id: 'mine' })).id).toBe(id);
    await drainTasks(studio.deps);
    expect(await statusOf(id)).toBe('done');
    expect(await liveModel()).toBe(sourceModelId);
    const { counts, collection, isLive } = await getCollection({ ctx, input: { modelId: destModelId } });
    expect({ stale: counts.stale, status: collection.status, isLive }).toEqual({
      stale: 0,
      status: 'ready',
      isLive: false,
    });
    const { steps, sourceModelId: from } = await getReindex({ ctx, input: { reindexId: id } });
    expect(steps.map(({ kind }) => kind).sort()).toEqual(['deployment', 'reindex', 'verification']);
    expect(from).toBe(sourceModelId);
  });

  test('goes live by hand, and back in one call; rollouts and models follow the pointer', async () => {
    await setLive({ ctx, input: { modelId: destModelId } });
    expect(await liveModel()).toBe(destModelId);
    expect((await ctx.deps.rollouts.getRollout('mine')).state).toBe('live');
    expect((await searchItems({ ctx, input: { query: 'red lamps' } })).hits.length).toBeGreaterThan(0);
    await expect(deleteCollection({ ctx, input: { modelId: destModelId } })).rejects.toMatchObject({
      code: 'TASK_CONFLICT',
    });
    await rollBack({ ctx, input: {} });
    expect(await liveModel()).toBe(sourceModelId);
    expect((await ctx.deps.rollouts.getRollout('mine')).state).toBe('rolledBack');
  });

  test('is refused beside another rollout, or waits for it and then starts', async () => {
    await deleteCollection({ ctx, input: { modelId: destModelId } });
    const tuning = await requestTuning(studio, 'beside');
    await expect(request({ deploy: true })).rejects.toMatchObject({ code: 'TASK_CONFLICT' });
    const waiting = await request({ id: 'waits', deploy: true, waitOnConflict: true });
    expect(waiting.waitsFor).toBe(tuning.rollout?.id);
    await drainTasks(studio.deps);
    expect(await statusOf('waits')).toBe('done');
    expect(await liveModel()).toBe(destModelId);
    const { transitions } = await ctx.deps.rollouts.getRollout(tuning.rollout?.id ?? '');
    const ended = transitions.find(({ to }) => to === 'live' || to === 'rejected')?.at.getTime() ?? 0;
    const [begun] = (await ctx.deps.rollouts.getRollout('waits')).transitions;
    expect(begun?.at.getTime()).toBeGreaterThanOrEqual(ended);
  });

  test('that is canceled changes nothing that serves, and can be tried again', async () => {
    const live = await liveModel();
    const fresh = await registerBaseModel({
      ctx,
      input: { folder: await writeWordArtefact(`${studio.folder}/third`, { synonyms: { third: 'one' } }) },
    });
    await request({ id: 'stopped', destModelId: fresh.id, sourceModelId: live, deploy: true });
    await cancelRollout({ ctx, input: { rolloutId: 'stopped' } });
    await drainTasks(studio.deps);
    expect(await statusOf('stopped')).toBe('canceled');
    expect(await liveModel()).toBe(live);
    await retryRollout({ ctx, input: { rolloutId: 'stopped' } });
    await drainTasks(studio.deps);
    expect(await statusOf('stopped')).toBe('done');
    expect(await liveModel()).toBe(fresh.id);
    const listed = await listReindexes({ ctx, input: { status: 'done', limit: 2 } });
    expect(listed[0]?.rollout.id).toBe('stopped');
  });

  test('needs a source with a collection and a goal that is another model', async () => {
    await expect(request({ destModelId: sourceModelId })).rejects.toMatchObject({ field: 'destModelId' });
    await expect(request({ destModelId: 'mdl_none' })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await expect(request({ sourceModelId: 'mdl_none' })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });
});

describe('a collection', () => {
  test('cannot be made live before it is verified or while items are missing in it', async () => {
    const { collections } = ctx.deps;
    const { ranking, dims } = (await collections.findLiveCollection())?.collection ?? { ranking: null, dims: 0 };
    if (ranking === null) throw new Error('nothing is live');
    const { id } = await collections.createCollection({ modelId: sourceModelId, dims, ranking });
    const set = () => setLive({ ctx, input: { collectionId: id } });
    await expect(set()).rejects.toMatchObject({ code: 'TASK_CONFLICT', message: expect.stringContaining('building') });
    await collections.updateCollection(id, { status: 'ready' });
    await expect(set()).rejects.toMatchObject({ code: 'TASK_CONFLICT', message: expect.stringContaining('no vector') });
    await collections.dropCollection(id);
  });
});

describe('a model on the server', () => {
  test('is loaded and taken off by tasks; one that a collection needs stays', async () => {
    const folder = await writeWordArtefact(`${studio.folder}/fourth`, { synonyms: { fourth: 'one' } });
    const { id } = await registerBaseModel({ ctx, input: { folder } });
    expect(await ctx.deps.modelServer.isModelReady(id)).toBe(false);
    await requestModelDeployment({ ctx, input: { modelId: id } });
    await drainTasks(studio.deps);
    expect(await ctx.deps.modelServer.isModelReady(id)).toBe(true);
    await requestModelDeletion({ ctx, input: { modelId: id } });
    await drainTasks(studio.deps);
    expect(await ctx.deps.modelServer.isModelReady(id)).toBe(false);
    await expect(requestModelDeletion({ ctx, input: { modelId: await liveModel() } })).rejects.toMatchObject({
      code: 'TASK_CONFLICT',
    });
  });
});
