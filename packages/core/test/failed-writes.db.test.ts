import { StudioError } from '@embedding-studio/contracts';
import {
  type CoreDeps,
  cancelRollout,
  createCollection,
  reconcileRollouts,
  requestDeletion,
  requestUpsertion,
  retryRollout,
  searchItems,
  setLive,
} from '@embedding-studio/core';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { getTunedRollout, openShop, requestTuning, world } from './rollout-world.ts';

let studio: TestStudio;
let rolloutId = '';
const { items } = world;
const targets = async () => (await studio.deps.collections.listWriteTargets()).map(({ id }) => id);

beforeEach(async () => {
  studio = await openShop();
  rolloutId = (await requestTuning(studio)).rollout?.id ?? '';
});
afterEach(() => studio.close());

const fail = (): never => {
  throw new StudioError('VERIFICATION_FAILED', 'broken on purpose');
};
const broken: Record<string, () => Partial<CoreDeps>> = {
  reindex: () => ({ collections: { ...studio.deps.collections, buildIndex: fail } }),
  verification: () => ({ collections: { ...studio.deps.collections, findNearest: fail } }),
  switch: () => ({ collections: { ...studio.deps.collections, switchLive: fail } }),
};

async function getRollout() {
  return studio.deps.rollouts.getRollout(rolloutId);
}

/** One item new, one changed, one deleted; the models that were asked for vectors meanwhile. */
async function writeMeanwhile(): Promise<string[]> {
  const { ctx, deps } = studio;
  const asked = new Set<string>();
  const embed: CoreDeps['encoder']['embed'] = (request) => {
    asked.add(request.modelId);
    return deps.encoder.embed(request);
  };
  await requestUpsertion({
    ctx,
    input: {
      items: [
        { id: 'new', title: 'an unheard of marvel' },
        { id: items[0]?.id ?? '', title: 'something else now' },
      ],
    },
  });
  await requestDeletion({ ctx, input: { itemIds: [items[1]?.id ?? ''] } });
  await drainTasks({ ...deps, encoder: { ...deps.encoder, embed } });
  return [...asked];
}

for (const step of Object.keys(broken))
  test(`after a failed ${step} writes go to what serves alone, and a retry catches up with all that was missed`, async () => {
    const { ctx, deps } = studio;
    await drainTasks({ ...deps, ...broken[step]?.() });
    const { state, collectionId, modelId } = await getRollout();
    const live = await deps.collections.findLiveCollection();
    expect(state).toBe('failed');
    expect(await targets()).toEqual([live?.collection.id]);
    expect((await deps.collections.getCollection(collectionId ?? '')).status).toBe('paused');
    expect(await writeMeanwhile()).toEqual([live?.collection.modelId]);

    await retryRollout({ ctx, input: { rolloutId } });
    await drainTasks(deps);
    expect((await getRollout()).state).toBe('live');
    expect((await deps.collections.findLive())?.collectionId).toBe(collectionId);
    const { items: held, stale } = await deps.collections.countVectors(collectionId ?? '');
    expect({ held, stale }).toEqual({ held: await deps.items.countItems(), stale: 0 });
    const { hits } = await searchItems({ ctx, input: { query: 'an unheard of marvel', limit: 1 } });
    expect(hits[0]?.itemId).toBe('new');
    expect(await deps.collections.getVectors(collectionId ?? '', [items[1]?.id ?? ''])).toEqual([]);
    expect(await targets()).toHaveLength(2);
    expect(modelId).not.toBe(live?.collection.modelId);
  });

test('a paused collection cannot be made live by hand nor taken for a new one', async () => {
  const { ctx, deps } = studio;
  await drainTasks({ ...deps, ...broken.switch?.() });
  const { collectionId, modelId } = await getRollout();
  await expect(setLive({ ctx, input: { collectionId: collectionId ?? '' } })).rejects.toMatchObject({
    code: 'TASK_CONFLICT',
    message: expect.stringContaining('paused'),
  });
  await expect(createCollection({ ctx, input: { modelId: modelId ?? '' } })).rejects.toMatchObject({
    code: 'TASK_CONFLICT',
  });
});

test('a canceled rollout stops its writes as well, and the sweeper stops what a crash has left', async () => {
  const { ctx, deps } = studio;
  await drainTasks(deps, { until: ({ kind }) => kind === 'verification' });
  expect(await targets()).toHaveLength(2);
  await cancelRollout({ ctx, input: { rolloutId } });
  expect(await targets()).toHaveLength(1);

  const { collectionId } = await getRollout();
  await deps.collections.updateCollection(collectionId ?? '', { status: 'building' });
  expect(await targets()).toHaveLength(2);
  await reconcileRollouts({ ctx });
  expect(await targets()).toHaveLength(1);
  expect((await deps.audit.listAudit({ beforeId: null, limit: 1 }))[0]).toMatchObject({
    action: 'collection.pause',
    subject: collectionId,
  });
});

test('what another rollout of the same model fills stays a write target', async () => {
  const { ctx, deps } = studio;
  await drainTasks({ ...deps, ...broken.switch?.() });
  const failed = await getTunedRollout(studio, await requestTuning(studio));
  const { id: _id, transitions: _transitions, createdAt: _at, updatedAt: _then, ...fields } = failed;
  await deps.rollouts.createRollout({ ...fields, id: 'second', state: 'deployed', collectionId: null });
  await deps.collections.updateCollection(failed.collectionId ?? '', { status: 'building' });
  await reconcileRollouts({ ctx });
  expect(await targets()).toContain(failed.collectionId);
});
