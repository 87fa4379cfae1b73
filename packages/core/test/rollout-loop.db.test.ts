import { rollBack, searchItems } from '@embedding-studio/core';
import { createWordTrainer, drainTasks, slangOf, type TestStudio } from '@embedding-studio/testing/studio';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { getTunedRollout, openShop, requestTuning, world } from './rollout-world.ts';

let studio: TestStudio;

/** Over the topics: how high the first item stands for its topic's slang and its colour. */
async function meanReciprocalRank(): Promise<number> {
  const wanted = world.items.filter(({ id }) => id.endsWith('-0'));
  let sum = 0;
  for (const { id, title } of wanted) {
    const query = `${slangOf(id.split('-')[0] ?? '')} ${title.split(' ')[0]}`;
    const { hits } = await searchItems({ ctx: studio.ctx, input: { query, limit: 200 } });
    sum += 1 / (1 + hits.findIndex(({ itemId }) => itemId === id));
  }
  return sum / wanted.length;
}
const liveCollection = async () => (await studio.deps.collections.findLive())?.collectionId ?? '';

describe('a shop that learns from clicks', () => {
  beforeEach(async () => {
    studio = await openShop();
  });
  afterEach(() => studio.close());

  test('ends live with a better ranking, goes back in one call and forward in another', async () => {
    const before = await liveCollection();
    expect(await meanReciprocalRank()).toBeLessThan(0.6);
    const result = await requestTuning(studio);
    await drainTasks(studio.deps);
    const rollout = await getTunedRollout(studio, result);
    expect(rollout.transitions.map(({ to }) => to)).toEqual([
      ...['trained', 'gated', 'deployed', 'indexing', 'verified', 'live'],
    ]);
    const after = await liveCollection();
    expect(after).toBe(rollout.collectionId);
    expect(await meanReciprocalRank()).toBeGreaterThan(0.85);

    await rollBack({ ctx: studio.ctx, input: { expectedCollectionId: after } });
    expect(await liveCollection()).toBe(before);
    expect(await meanReciprocalRank()).toBeLessThan(0.6);
    expect((await getTunedRollout(studio, result)).state).toBe('rolledBack');

    await rollBack({ ctx: studio.ctx, input: {} });
    expect(await liveCollection()).toBe(after);
    expect((await getTunedRollout(studio, result)).state).toBe('live');
    const states = (await studio.deps.rollouts.listRollouts({ offset: 0, limit: 10 })).map(({ state }) => state);
    expect(states).toEqual(['live', 'standby']);
  });

  test('every mutation has left an audit row', async () => {
    await requestTuning(studio);
    await drainTasks(studio.deps);
    const rows = await studio.deps.audit.listAudit({ beforeId: null, limit: 200 });
    const actions = new Set(rows.map(({ action }) => action));
    for (const action of [
      'model.register',
      'upsertion.request',
      'index.request',
      'session.import',
      'fine-tuning.request',
    ])
      expect(actions).toContain(action);
    expect(rows.filter(({ action }) => action === 'rollout.advance')).toHaveLength(10);
  });
});

describe('a shop whose training does harm', () => {
  beforeEach(async () => {
    studio = await openShop({ trainer: createWordTrainer({ outcome: 'scramble' }) });
  });
  afterEach(() => studio.close());

  test('the gate rejects the model with a reason and the index stays as it was', async () => {
    const before = await studio.deps.collections.findLive();
    const result = await requestTuning(studio);
    await drainTasks(studio.deps);
    const rollout = await getTunedRollout(studio, result);
    expect(rollout.state).toBe('rejected');
    expect(rollout.transitions.at(-1)?.reason).toContain('nDCG@10');
    expect(await studio.deps.collections.findLive()).toEqual(before);
    expect((await studio.deps.models.getModel(rollout.modelId ?? '')).status).toBe('rejected');
    expect(await studio.deps.collections.listWriteTargets()).toHaveLength(1);
  });
});
