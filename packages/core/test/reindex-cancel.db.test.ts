import {
  type CoreDeps,
  type Ctx,
  cancelRollout,
  getReindex,
  registerBaseModel,
  requestReindex,
  requestUpsertion,
  retryRollout,
  searchItems,
} from '@embedding-studio/core';
import { drainTasks, type TestStudio, writeWordArtefact } from '@embedding-studio/testing/studio';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openShop } from './rollout-world.ts';

let studio: TestStudio;
let ctx: Ctx;
let deps: CoreDeps;
const rolloutId = 'moving';

/** More than two pages of a reindex. */
const items = Array.from({ length: 450 }, (_, n) => ({ id: `more-${n}`, title: `a lamp of number ${n}` }));

beforeEach(async () => {
  studio = await openShop();
  ({ ctx, deps } = studio);
  await requestUpsertion({ ctx, input: { items } });
  await drainTasks(deps);
  const folder = await writeWordArtefact(`${studio.folder}/other`, { synonyms: { other: 'one' } });
  const { id: destModelId } = await registerBaseModel({ ctx, input: { folder } });
  const sourceModelId = (await deps.collections.findLiveCollection())?.collection.modelId ?? '';
  await requestReindex({ ctx, input: { id: rolloutId, sourceModelId, destModelId } });
});
afterEach(() => studio.close());

const cancel = () => cancelRollout({ ctx, input: { rolloutId } });
const targets = async () => (await deps.collections.listWriteTargets()).map(({ id }) => id);

async function findTarget() {
  const { modelId } = await deps.rollouts.getRollout(rolloutId);
  const all = await deps.collections.listCollections({ after: null, limit: 10 });
  return all.filter((collection) => collection.modelId === modelId);
}

async function expectUntouched(live: unknown, ids: readonly string[]): Promise<void> {
  expect(await deps.collections.findLive()).toEqual(live);
  expect(await targets()).toEqual([(await deps.collections.findLive())?.collectionId]);
  expect((await getReindex({ ctx, input: { reindexId: rolloutId } })).status).toBe('canceled');
  const { hits } = await searchItems({ ctx, input: { query: 'a lamp of number 7', limit: 5 } });
  expect(hits.map(({ itemId }) => itemId)).toEqual(ids);
}

const search = async () =>
  (await searchItems({ ctx, input: { query: 'a lamp of number 7', limit: 5 } })).hits.map(({ itemId }) => itemId);

test('a running reindex that is canceled stops at its next page, leaves what serves alone, and a retry does the rest', async () => {
  const live = await deps.collections.findLive();
  const found = await search();
  let stored = 0;
  const putVectors: CoreDeps['collections']['putVectors'] = async (id, rows) => {
    await deps.collections.putVectors(id, rows);
    stored += rows.length;
    if (stored >= 200) await cancel().catch(() => undefined);
  };
  await drainTasks({ ...deps, collections: { ...deps.collections, putVectors } });
  expect(stored).toBe(200);
  await expectUntouched(live, found);
  const tasks = await deps.tasks.listTasks({ kind: 'reindex', offset: 0, limit: 1 });
  expect(tasks[0]).toMatchObject({ status: 'canceled' });
  expect((await findTarget()).map(({ status }) => status)).toEqual(['paused']);

  const texts: string[] = [];
  const embed: CoreDeps['encoder']['embed'] = (request) => {
    if (request.kind !== 'query') texts.push(...request.texts);
    return deps.encoder.embed(request);
  };
  await retryRollout({ ctx, input: { rolloutId } });
  await drainTasks({ ...deps, encoder: { embed } }, { until: ({ kind }) => kind === 'verification' });
  expect(texts).toHaveLength((await deps.items.countItems()) - 200);
  await drainTasks(deps);
  expect((await deps.rollouts.getRollout(rolloutId)).state).toBe('live');
  const [target] = await findTarget();
  expect((await deps.collections.findLive())?.collectionId).toBe(target?.id);
  expect(await deps.collections.countVectors(target?.id ?? '')).toMatchObject({ stale: 0 });
});

test('canceled just as its collection appears, it leaves none that takes writes, and a retry takes that one up', async () => {
  const live = await deps.collections.findLive();
  const found = await search();
  const createCollection: CoreDeps['collections']['createCollection'] = async (input) => {
    const made = await deps.collections.createCollection(input);
    await cancel();
    return made;
  };
  await drainTasks({ ...deps, collections: { ...deps.collections, createCollection } });
  await expectUntouched(live, found);
  expect((await deps.rollouts.getRollout(rolloutId)).collectionId).toBeNull();
  await retryRollout({ ctx, input: { rolloutId } });
  await drainTasks(deps);
  expect((await deps.rollouts.getRollout(rolloutId)).state).toBe('live');
  expect(await findTarget()).toHaveLength(1);
});

test('canceled between its steps it can be canceled once, and a late delivery of its task does nothing', async () => {
  const live = await deps.collections.findLive();
  const found = await search();
  await drainTasks(deps, { until: ({ kind }) => kind === 'verification' });
  await cancel();
  await expect(cancel()).rejects.toMatchObject({ code: 'TRANSITION_ILLEGAL' });
  await drainTasks(deps);
  await expectUntouched(live, found);
});
