import {
  type CollectionStore,
  type Rollout,
  rolloutTransitions,
  StudioError,
  type TaskKind,
} from '@embedding-studio/contracts';
import { type CoreDeps, requestInitialIndex, retryRollout, rollBack } from '@embedding-studio/core';
import { loadHandlers } from '@embedding-studio/core/jobs';
import { createWordTrainer, drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { getTunedRollout, openShop, requestTuning } from './rollout-world.ts';

let studio: TestStudio;
const walked = new Set<string>();
const liveId = async () => (await studio.deps.collections.findLive())?.collectionId;

afterEach(async () => {
  const rollouts = await studio.deps.rollouts.listRollouts({ offset: 0, limit: 100 });
  for (const { from, to } of rollouts.flatMap(({ transitions }) => transitions)) walked.add(`${from} → ${to}`);
  await studio.close();
});

/** What each step cannot do without. */
const breakers: Partial<Record<TaskKind, (deps: CoreDeps, fail: () => never) => Partial<CoreDeps>>> = {
  fine_tuning: (deps, fail) => ({ trainer: { ...deps.trainer, train: fail } }),
  evaluation: (deps, fail) => ({ trainer: { ...deps.trainer, encode: fail } }),
  deployment: (deps, fail) => ({ modelServer: { ...deps.modelServer, loadModel: fail } }),
  reindex: (deps, fail) => ({ collections: { ...deps.collections, buildIndex: fail } satisfies CollectionStore }),
  verification: (deps, fail) => ({ collections: { ...deps.collections, findNearest: fail } satisfies CollectionStore }),
  switch: (deps, fail) => ({ collections: { ...deps.collections, switchLive: fail } satisfies CollectionStore }),
};
const steps = Object.keys(breakers) as TaskKind[];

describe('the arrows of the rollout', () => {
  test('every step may fail for good: the rollout says why, what is live stays, and a retry goes on from there', async () => {
    studio = await openShop();
    const { ctx, deps } = studio;
    const before = await deps.collections.findLive();
    const result = await requestTuning(studio);
    for (const step of steps) {
      const fail = () => {
        throw new StudioError('VERIFICATION_FAILED', `${step} is broken on purpose`);
      };
      await drainTasks({ ...deps, ...breakers[step]?.(deps, fail) });
      const failed = await getTunedRollout(studio, result);
      expect(failed.state, step).toBe('failed');
      expect(failed.transitions.at(-1)?.reason).toContain(`${step} is broken on purpose`);
      expect(await deps.collections.findLive()).toEqual(before);
      await retryRollout({ ctx, input: { rolloutId: failed.id } });
    }
    await drainTasks(deps);
    expect((await getTunedRollout(studio, result)).state).toBe('live');
    await expect(retryRollout({ ctx, input: { rolloutId: result.rollout?.id ?? '' } })).rejects.toMatchObject({
      code: 'TRANSITION_ILLEGAL',
    });
  });

  test('a switch that moved the pointer and then failed ends live: the pointer decides', async () => {
    studio = await openShop();
    const { deps } = studio;
    const result = await requestTuning(studio);
    const switchLive: CollectionStore['switchLive'] = async (move) => {
      await deps.collections.switchLive(move);
      throw new StudioError('VERIFICATION_FAILED', 'the answer got lost on purpose');
    };
    await drainTasks({ ...deps, collections: { ...deps.collections, findLive: async () => null, switchLive } });
    await drainTasks(deps);
    const { state, collectionId, transitions } = await getTunedRollout(studio, result);
    expect({ state, collectionId }).toEqual({ state: 'live', collectionId: await liveId() });
    expect(transitions.map(({ to }) => to).slice(-3)).toEqual(['failed', 'verified', 'live']);
  });

  test('a second delivery of every step changes nothing', async () => {
    studio = await openShop();
    const { deps } = studio;
    const result = await requestTuning(studio);
    await drainTasks(deps);
    const handlers = (await loadHandlers(deps, ['fine-tuning', 'inference', 'improvement', 'upsertion'])) as Record<
      string,
      (job: unknown) => Promise<unknown>
    >;
    const rollout = await getTunedRollout(studio, result);
    const live = await deps.collections.findLive();
    const tasks = await deps.tasks.listTasks({ offset: 0, limit: 100 });
    for (const task of tasks.filter(({ kind }) => steps.includes(kind))) {
      const job = { task, save: async () => undefined, signal: new AbortController().signal };
      expect(await handlers[task.kind]?.(job)).toMatchObject({ result: { skipped: expect.any(String) } });
    }
    expect(await getTunedRollout(studio, result)).toEqual(rollout);
    expect(await deps.collections.findLive()).toEqual(live);
    expect(await deps.tasks.listTasks({ offset: 0, limit: 100 })).toEqual(tasks);
  });

  test('the same request twice is one rollout and one task', async () => {
    studio = await openShop();
    const [first, second] = [await requestTuning(studio), await requestTuning(studio)];
    expect(second.rollout?.id).toBe(first.rollout?.id);
    expect(second.task.id).toBe(first.task.id);
    expect([first.created, second.created]).toEqual([true, false]);
  });

  test('what was replaced retires when its time is over, and then nothing is left to roll back to', async () => {
    studio = await openShop();
    const { ctx, deps } = studio;
    const base = await liveId();
    await requestTuning(studio);
    await drainTasks(deps);
    expect(await deps.collections.listWriteTargets()).toHaveLength(2);
    studio.passSeconds(23 * 3_600);
    await drainTasks(deps);
    expect(await deps.collections.listWriteTargets()).toHaveLength(2);
    studio.passSeconds(2 * 3_600);
    await drainTasks(deps);
    expect(await deps.collections.listWriteTargets()).toHaveLength(1);
    const replaced = await deps.rollouts.findRolloutByCollection(base ?? '');
    expect(replaced?.state).toBe('retired');
    expect(await deps.modelServer.isModelReady(replaced?.modelId ?? '')).toBe(false);
    await expect(rollBack({ ctx, input: {} })).rejects.toMatchObject({ code: 'COLLECTION_NOT_FOUND' });
  });

  test('a collection that was rolled back retires as well; what went live again does not', async () => {
    studio = await openShop();
    const { ctx, deps } = studio;
    const result = await requestTuning(studio);
    await drainTasks(deps);
    studio.passSeconds(3_600);
    await rollBack({ ctx, input: {} });
    const base = await liveId();
    studio.passSeconds(25 * 3_600);
    await drainTasks(deps);
    expect(await liveId()).toBe(base);
    expect((await deps.rollouts.findRolloutByCollection(base ?? ''))?.state).toBe('live');
    expect((await getTunedRollout(studio, result)).state).toBe('retired');
  });

  test('a double click on rollback goes back once, and forward again afterwards', async () => {
    studio = await openShop();
    const { ctx, deps } = studio;
    const base = await liveId();
    await requestTuning(studio);
    await drainTasks(deps);
    const expectedCollectionId = await liveId();
    const clicks = await Promise.allSettled([1, 2].map(() => rollBack({ ctx, input: { expectedCollectionId } })));
    expect(clicks.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await liveId()).toBe(base);
    await rollBack({ ctx, input: { expectedCollectionId: base } });
    expect(await liveId()).toBe(expectedCollectionId);
  });

  test('training that does harm ends as rejected', async () => {
    studio = await openShop({ trainer: createWordTrainer({ outcome: 'scramble' }) });
    const result = await requestTuning(studio);
    await drainTasks(studio.deps);
    expect((await getTunedRollout(studio, result)).state).toBe('rejected');
  });

  test('too few sessions refuse the training and fail the rollout with the reason', async () => {
    studio = await openShop();
    const { ctx, deps } = studio;
    await deps.sessions.releaseBatch('taken away');
    const result = await requestTuning(studio);
    await drainTasks(deps);
    expect((await deps.tasks.getTask(result.task.id)).status).toBe('refused');
    const rollout: Rollout = await getTunedRollout(studio, result);
    expect(rollout.state).toBe('failed');
    expect(rollout.transitions.at(-1)?.reason).toContain('TRAINING_EVIDENCE_MISSING');
    await expect(
      requestInitialIndex({ ctx, input: { modelId: result.rollout?.baseModelId ?? '' } }),
    ).resolves.toMatchObject({
      state: 'live',
    });
  });

  afterAll(() => {
    const arrows = Object.entries(rolloutTransitions).flatMap(([from, tos]) => tos.map((to) => `${from} → ${to}`));
    expect(arrows.filter((arrow) => !walked.has(arrow))).toEqual([]);
  });
});
