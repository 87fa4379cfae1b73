import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RolloutState, TaskKind } from '@embedding-studio/contracts';
import {
  importSessions,
  registerBaseModel,
  requestFineTuning,
  requestInitialIndex,
  requestUpsertion,
} from '@embedding-studio/core';
import { createPool } from '@embedding-studio/db/postgres';
import { findRedisProgram, startTestRedis, type TestRedis } from '@embedding-studio/testing';
import {
  describeOutcome,
  slangOf,
  slangWorld,
  startTestStudio,
  type TestStudio,
  writeWordArtefact,
} from '@embedding-studio/testing/studio';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spawnWorker, type WorkerProcess } from './worker-process.ts';

const world = slangWorld({ itemsPerTopic: 8, sessionsPerTopic: 16 });
const queries = ['boots', 'lamps', 'tents'].map((topic) => `${slangOf(topic)} red`);
/** The effect at the end of each step, and the ones in its middle. */
const boundaries = [
  ...['upsertion.items.upsertItems', 'upsertion.collections.putVectors'],
  ...['fine_tuning.trainer.train', 'fine_tuning.rollouts.advanceRollout'],
  ...['evaluation.objects.putObject', 'evaluation.rollouts.advanceRollout'],
  ...['deployment.modelServer.loadModel', 'deployment.rollouts.advanceRollout'],
  ...['reindex.collections.createCollection', 'reindex.collections.buildIndex'],
  ...['verification.rollouts.advanceRollout', 'switch.collections.switchLive', 'switch.tasks.settleTask'],
];

/** In the middle of steps whose second run or late end would leave traces. */
const stopBoundaries = [
  'fine_tuning.trainer.train',
  'deployment.modelServer.loadModel',
  'reindex.collections.createCollection',
  'switch.collections.switchLive',
];

let studio: TestStudio;
let redis: TestRedis | null = null;
let worker: WorkerProcess | null = null;
const started: WorkerProcess[] = [];

beforeEach(async () => {
  redis = findRedisProgram() === null ? null : await startTestRedis();
  studio = await startTestStudio();
});
afterEach(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all(started.splice(0).map(({ ended }) => ended));
  await studio.close();
  await redis?.stop();
});

function startWorker(crashAt = '', standsStill = false): WorkerProcess {
  worker = spawnWorker({
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
}

async function until(isMet: () => Promise<boolean>): Promise<void> {
  while (!(await isMet())) await sleep(100);
}

const hasState = (state: RolloutState, count: number) => async () =>
  (await studio.deps.rollouts.listRollouts({ offset: 0, limit: 10, state })).length >= count;

async function requestBase(): Promise<void> {
  const { ctx, folder } = studio;
  const base = await registerBaseModel({ ctx, input: { folder: await writeWordArtefact(`${folder}/base`) } });
  await requestInitialIndex({ ctx, input: { modelId: base.id } });
}

async function requestTuned(): Promise<void> {
  const { ctx, deps } = studio;
  await until(hasState('live', 1));
  await requestUpsertion({ ctx, input: { id: 'items', items: world.items } });
  await until(async () => (await deps.tasks.getTask('items')).status === 'done');
  await importSessions({ ctx, input: { sessions: world.sessions } });
  await requestFineTuning({ ctx, input: { id: 'tuning', idempotencyKey: 'tuning', method: 'words' } });
}

async function waitForTheEnd(): Promise<void> {
  const states: RolloutState[] = ['live', 'failed', 'rejected'];
  await until(async () =>
    states.includes((await studio.deps.rollouts.listRollouts({ offset: 0, limit: 1 }))[0]?.state ?? 'requested'),
  );
  await until(
    async () => (await studio.deps.tasks.listTasks({ status: 'processing', offset: 0, limit: 1 })).length === 0,
  );
  await until(hasState('standby', 1));
}

async function expectGoodEnd(): Promise<void> {
  const outcome = await describeOutcome(studio.deps, { queries });
  expect(outcome.rollouts.map(({ state }) => state)).toEqual(['live', 'standby']);
  expect(outcome.live).toEqual({ version: 2, hasPrevious: true });
  expect(outcome.collections.map(({ items, stale }) => ({ items, stale }))).toEqual([
    { items: world.items.length, stale: 0 },
    { items: world.items.length, stale: 0 },
  ]);
  expect(outcome.tasks.filter((task) => !task.endsWith(' done'))).toEqual(['retirement pending']);
  for (const { ids, query } of outcome.results) expect(`${slangOf(ids[0]?.split('-')[0] ?? '')} red`).toBe(query);
}

describe('the loop, with its processes and servers killed', () => {
  test('a worker killed at every step boundary ends in the same state', async () => {
    let place = 0;
    let isOver = false;
    const reached: string[] = [];
    const keepWorking = (async () => {
      while (!isOver) {
        const boundary = boundaries[place];
        const { ended } = startWorker(boundary);
        if ((await ended) === 'SIGKILL' && boundary !== undefined) reached.push(boundary);
        place += 1;
      }
    })();
    await requestBase();
    await requestTuned();
    await waitForTheEnd();
    isOver = true;
    worker?.child.kill('SIGTERM');
    await keepWorking;
    await expectGoodEnd();
    expect(reached.length).toBe(boundaries.length);
  });

  test('workers that stood still until others had finished their tasks change nothing when they wake', async () => {
    const still: WorkerProcess[] = [];
    const work = (async () => {
      for (const boundary of stopBoundaries) {
        const stopping = startWorker(boundary, true);
        await until(async () => isStopped(stopping));
        still.push(stopping);
      }
      startWorker();
    })();
    await requestBase();
    await requestTuned();
    await waitForTheEnd();
    await work;
    for (const { child } of still) child.kill('SIGCONT');
    // Twice the lease: the late writes, if there were any, have been made.
    await sleep(4_000);
    for (const { child } of still) child.kill('SIGTERM');
    await Promise.all(still.map(({ ended }) => ended));
    await expectGoodEnd();
    expect(still).toHaveLength(stopBoundaries.length);
  });

  test('Redis emptied and every database connection cut in the middle of each kind of task changes nothing', async () => {
    startWorker();
    const hit = new Set<TaskKind>();
    let isOver = false;
    const pool = createPool({ url: studio.postgres.url, poolMax: 1, statementTimeoutMs: 5_000 });
    const breakThings = (async () => {
      while (!isOver) {
        await sleep(20);
        const running = await studio.deps.tasks.listTasks({ status: 'processing', offset: 0, limit: 10 });
        const fresh = running.map(({ kind }) => kind).filter((kind) => !hit.has(kind));
        if (fresh.length === 0) continue;
        for (const kind of fresh) hit.add(kind);
        await redis?.flushAll();
        await cutConnections(pool);
      }
    })();
    await again(requestBase);
    await again(requestTuned);
    await waitForTheEnd();
    isOver = true;
    await breakThings;
    await pool.end();
    await expectGoodEnd();
    expect(hit).toContain('evaluation');
  });
});

/** State of the process in /proc: T is stopped. */
async function isStopped({ child }: WorkerProcess): Promise<boolean> {
  const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}

/** As a client does whose connection was cut: every request may be sent again. */
async function again(attempt: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const isDone = await attempt().then(
      () => true,
      () => sleep(200, false),
    );
    if (isDone) return;
  }
}

function cutConnections(pool: ReturnType<typeof createPool>): Promise<unknown> {
  const others = 'datname = current_database() AND pid <> pg_backend_pid()';
  return pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
}
