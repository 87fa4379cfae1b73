import {
  createAutoTraining,
  getLoopHealth,
  getTrainingPolicy,
  importSessions,
  listRollouts,
  promoteRollout,
  updateTrainingPolicy,
} from '@embedding-studio/core';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, world } from './rollout-world.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await openShop();
});
afterAll(() => studio?.close());

const tunings = async () => (await listRollouts({ ctx: studio.ctx, input: {} })).filter(({ isInitial }) => !isInitial);
const words = async () => (await getTrainingPolicy({ ctx: studio.ctx })).watch?.words;
const look = async (worker = createAutoTraining(studio.ctx)) => {
  studio.passSeconds(61);
  await worker();
};

describe('training that starts by itself', () => {
  it('does nothing until somebody enables it, and refuses settings that the method refuses', async () => {
    await look();
    expect(await tunings()).toEqual([]);
    const refused = updateTrainingPolicy({ ctx: studio.ctx, input: { isEnabled: true, method: 'none' } });
    await expect(refused).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'method' });
    const few = updateTrainingPolicy({ ctx: studio.ctx, input: { sessionsMin: 1 } });
    await expect(few).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'sessionsMin' });
  });

  it('says what is missing while there is too little evidence', async () => {
    const input = { isEnabled: true, method: 'words', sessionsMin: 5_000, queriesMin: 10, hoursBetween: 0 };
    await updateTrainingPolicy({ ctx: studio.ctx, input });
    await look();
    expect(await words()).toMatch(/^Waits: \d+ of 5,000 new usable sessions\.$/);
    expect(await tunings()).toEqual([]);
    const [, batch] = await getLoopHealth({ ctx: studio.ctx });
    expect(batch?.auto).toMatchObject({ mode: 'propose', words: await words() });
  });

  it('starts one run however many workers look, and leaves its model for a person to promote', async () => {
    await updateTrainingPolicy({ ctx: studio.ctx, input: { sessionsMin: 20 } });
    const workers = [createAutoTraining(studio.ctx), createAutoTraining(studio.ctx)];
    studio.passSeconds(61);
    await Promise.all(workers.map((worker) => worker()));
    for (const worker of workers) await look(worker);
    const [rollout, ...others] = await tunings();
    expect(others).toEqual([]);
    expect(rollout).toMatchObject({ state: 'requested', switches: false });
    expect(await words()).toBe(`Waits: rollout ${rollout?.id} is requested.`);
    await drainTasks(studio.deps);
    const live = await studio.deps.collections.findLive();
    const [proposed] = await tunings();
    expect(proposed).toMatchObject({ id: rollout?.id, state: 'verified' });
    expect(live?.collectionId).not.toBe(proposed?.collectionId);
    await look();
    expect(await words()).toContain('waits for somebody to promote it');
    const promoted = { rolloutId: rollout?.id ?? '', expectedCollectionId: live?.collectionId ?? null };
    expect(await promoteRollout({ ctx: studio.ctx, input: promoted })).toMatchObject({
      collectionId: proposed?.collectionId,
    });
  });

  it('asks again for a run that a crash cut short after the batch was released', async () => {
    await updateTrainingPolicy({ ctx: studio.ctx, input: { mode: 'automatic' } });
    const again = world.sessions.map((session) => ({ ...session, sessionId: `again-${session.sessionId}` }));
    await importSessions({ ctx: studio.ctx, input: { sessions: again } });
    const batch = await studio.deps.sessions.releaseBatch('auto-training:cut-short');
    await look();
    await look();
    const [rollout, ...others] = await tunings();
    expect(others).toHaveLength(1);
    expect(rollout).toMatchObject({ batchId: batch?.batchId, state: 'requested' });
    expect(rollout?.switches).toBeUndefined();
    const audited = await studio.deps.audit.listAudit({ beforeId: null, limit: 50, subjects: [rollout?.id ?? ''] });
    expect(audited.map(({ actor, action }) => [actor, action])).toEqual([
      ['system:auto-training', 'fine-tuning.request'],
    ]);
  });
});
