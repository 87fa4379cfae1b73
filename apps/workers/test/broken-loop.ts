import { setTimeout as sleep } from 'node:timers/promises';
import type { RolloutState } from '@embedding-studio/contracts';
import {
  importSessions,
  registerBaseModel,
  requestFineTuning,
  requestInitialIndex,
  requestUpsertion,
} from '@embedding-studio/core';
import { findRedisProgram, startTestRedis, type TestRedis } from '@embedding-studio/testing';
import {
  describeOutcome,
  slangOf,
  slangWorld,
  startTestStudio,
  type TestStudio,
  writeWordArtefact,
} from '@embedding-studio/testing/studio';
import { expect } from 'vitest';
import { spawnWorker, type WorkerProcess } from './worker-process.ts';

const world = slangWorld({ itemsPerTopic: 8, sessionsPerTopic: 16 });
const queries = ['boots', 'lamps', 'tents'].map((topic) => `${slangOf(topic)} red`);

export interface BrokenLoop {
  studio: TestStudio;
  redis: TestRedis | null;
  /** A worker process that kills itself (or stands still) right after the effect named, if one is. */
  startWorker(crashAt?: string, standsStill?: boolean): WorkerProcess;
  requestBase(): Promise<void>;
  requestTuned(): Promise<void>;
  waitForTheEnd(): Promise<void>;
  /** The state that the loop ends in when nothing goes wrong. */
  expectGoodEnd(): Promise<void>;
  close(): Promise<void>;
}

/** Servers of its own and as many worker processes as a test starts, killed at its end. */
export async function openBrokenLoop(): Promise<BrokenLoop> {
  const redis = findRedisProgram() === null ? null : await startTestRedis();
  const studio = await startTestStudio();
  const started: WorkerProcess[] = [];
  return {
    studio,
    redis,
    startWorker: (crashAt = '', standsStill = false) => {
      const worker = spawnWorker({
        POSTGRES_URL: studio.postgres.url,
        MONGO_URL: studio.mongo.url,
        MONGO_DATABASE: studio.mongo.database,
        REDIS_URL: redis?.url ?? '',
        FOLDER: studio.folder,
        STUDIO_TEST_CRASH_AT: crashAt,
        STUDIO_TEST_STANDS_STILL: standsStill ? '1' : '0',
      });
      started.push(worker);
      return worker;
    },
    requestBase: () => requestBase(studio),
    requestTuned: () => requestTuned(studio),
    waitForTheEnd: () => waitForTheEnd(studio),
    expectGoodEnd: () => expectGoodEnd(studio),
    close: async () => {
      for (const { child } of started) child.kill('SIGKILL');
      await Promise.all(started.map(({ ended }) => ended));
      await studio.close();
      await redis?.stop();
    },
  };
}

export async function until(isMet: () => Promise<boolean>): Promise<void> {
  while (!(await isMet())) await sleep(100);
}

const hasState =
  ({ deps }: TestStudio, state: RolloutState) =>
  async () =>
    (await deps.rollouts.listRollouts({ offset: 0, limit: 10, state })).length > 0;

async function requestBase({ ctx, folder }: TestStudio): Promise<void> {
  const base = await registerBaseModel({ ctx, input: { folder: await writeWordArtefact(`${folder}/base`) } });
  await requestInitialIndex({ ctx, input: { modelId: base.id } });
}

async function requestTuned(studio: TestStudio): Promise<void> {
  const { ctx, deps } = studio;
  await until(hasState(studio, 'live'));
  await requestUpsertion({ ctx, input: { id: 'items', items: world.items } });
  await until(async () => (await deps.tasks.getTask('items')).status === 'done');
  await importSessions({ ctx, input: { sessions: world.sessions } });
  await requestFineTuning({ ctx, input: { id: 'tuning', idempotencyKey: 'tuning', method: 'words' } });
}

async function waitForTheEnd(studio: TestStudio): Promise<void> {
  const states: RolloutState[] = ['live', 'failed', 'rejected'];
  const { rollouts, tasks } = studio.deps;
  await until(async () =>
    states.includes((await rollouts.listRollouts({ offset: 0, limit: 1 }))[0]?.state ?? 'requested'),
  );
  await until(async () => (await tasks.listTasks({ status: 'processing', offset: 0, limit: 1 })).length === 0);
  await until(hasState(studio, 'standby'));
}

async function expectGoodEnd({ deps }: TestStudio): Promise<void> {
  const outcome = await describeOutcome(deps, { queries });
  expect(outcome.rollouts.map(({ state }) => state)).toEqual(['live', 'standby']);
  expect(outcome.live).toEqual({ version: 2, hasPrevious: true });
  expect(outcome.collections.map(({ items, stale }) => ({ items, stale }))).toEqual([
    { items: world.items.length, stale: 0 },
    { items: world.items.length, stale: 0 },
  ]);
  expect(outcome.tasks.filter((task) => !task.endsWith(' done'))).toEqual(['retirement pending']);
  for (const { ids, query } of outcome.results) expect(`${slangOf(ids[0]?.split('-')[0] ?? '')} red`).toBe(query);
}
