import {
  importSessions,
  registerBaseModel,
  requestFineTuning,
  requestInitialIndex,
  requestUpsertion,
} from '@embedding-studio/core';
import {
  CrashError,
  describeOutcome,
  drainTasks,
  slangOf,
  startTestStudio,
  type TestStudio,
  withCrashPoints,
  writeWordArtefact,
} from '@embedding-studio/testing/studio';
import { afterEach, describe, expect, test } from 'vitest';
import { world } from './rollout-world.ts';

const queries = ['boots', 'lamps', 'tents'].map((topic) => `${slangOf(topic)} red`);
/** A task may be tried five times: each world gets fewer than five crashes per kind of task. */
const worlds = 4;
let studio: TestStudio;

/** From nothing to a better live collection, dying at every point of `deadly` once. */
async function runLoop(deadly: readonly string[]): Promise<{ passed: string[]; crashes: string[] }> {
  studio = await startTestStudio();
  const { ctx, folder } = studio;
  const crashes: string[] = [];
  const passed = new Set<string>();
  const work = async (): Promise<void> => {
    for (let isDone = false; !isDone; ) {
      const process = withCrashPoints(studio.deps, {
        shouldDie: (point) => deadly.includes(point) && !crashes.includes(point) && crashes.push(point) > 0,
      });
      isDone = await drainTasks(process.deps).then(
        () => !process.isDead(),
        (error: unknown) => {
          if (!(error instanceof CrashError) && !process.isDead()) throw error;
          return false;
        },
      );
      for (const point of process.passed) passed.add(point);
      if (!isDone) studio.passSeconds(120);
    }
  };
  const base = await registerBaseModel({ ctx, input: { folder: await writeWordArtefact(`${folder}/base`) } });
  await requestUpsertion({ ctx, input: { id: 'items', items: world.items } });
  await work();
  await requestInitialIndex({ ctx, input: { modelId: base.id } });
  await work();
  await importSessions({ ctx, input: { sessions: world.sessions } });
  await requestFineTuning({ ctx, input: { id: 'tuning', method: 'words' } });
  await work();
  return { passed: [...passed], crashes };
}

describe('a process that dies after any of its effects', () => {
  afterEach(() => studio.close());

  let points: string[] = [];
  let undisturbed: Awaited<ReturnType<typeof describeOutcome>>;

  test('without a crash the loop ends live', async () => {
    points = (await runLoop([])).passed;
    undisturbed = await describeOutcome(studio.deps, { queries });
    expect(undisturbed.rollouts.map(({ state }) => state)).toEqual(['live', 'standby']);
    expect(points.length).toBeGreaterThan(30);
    for (const { query, ids } of undisturbed.results) expect(ids[0], query).toMatch(/boots|lamps|tents/);
  });

  for (let turn = 0; turn < worlds; turn++) {
    test(`ends in the same state: crashes ${turn + 1} of ${worlds}`, async () => {
      const deadly = points.filter((_, index) => index % worlds === turn);
      const { crashes } = await runLoop(deadly);
      expect(crashes.sort()).toEqual(deadly.sort());
      expect(await describeOutcome(studio.deps, { queries })).toEqual(undisturbed);
    });
  }
});
