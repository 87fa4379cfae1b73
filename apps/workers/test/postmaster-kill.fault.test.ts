import { setTimeout as sleep } from 'node:timers/promises';
import { rolloutTransitions } from '@embedding-studio/contracts';
import { requestUpsertion, rollBack } from '@embedding-studio/core';
import { createPool } from '@embedding-studio/db/postgres';
import { findRedisProgram, startTestRedis, type TestRedis } from '@embedding-studio/testing';
import { type PrivatePostgres, startPrivatePostgres } from '@embedding-studio/testing/private-postgres';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openShop, requestTuning } from '../../../packages/core/test/rollout-world.ts';
import { spawnWorker, type WorkerProcess } from './worker-process.ts';

let postgres: PrivatePostgres;
let studio: TestStudio;
let redis: TestRedis | null = null;
let worker: WorkerProcess | null = null;
let writer: Writer | null = null;

beforeEach(async () => {
  postgres = await startPrivatePostgres();
  studio = await openShop({ postgres });
});
afterEach(async () => {
  await writer?.stop();
  worker?.child.kill('SIGKILL');
  await worker?.ended;
  await studio.close();
  await redis?.stop();
  [writer, worker, redis] = [null, null, null];
});

interface Writer {
  /** Ids whose write was acknowledged. */
  acknowledged: string[];
  stop(): Promise<void>;
}

/** A client that writes items one by one, slower than they are indexed, and sends again what was not acknowledged. */
function startWriter(): Writer {
  const acknowledged: string[] = [];
  let isOver = false;
  const writing = (async () => {
    for (let count = 0; !isOver; await sleep(500)) {
      const id = `written-${count}`;
      const items = [{ id, title: `a thing of number ${count}` }];
      await requestUpsertion({ ctx: studio.ctx, input: { id, items } }).then(
        () => acknowledged.push(id) && count++,
        () => undefined,
      );
    }
  })();
  const stop = async () => {
    isOver = true;
    await writing;
  };
  return { acknowledged, stop };
}

async function until(isMet: () => Promise<boolean>): Promise<void> {
  while (!(await isMet().catch(() => false))) await sleep(50);
}

/** Holds the pointer's row, so that whoever moves it stands in the middle of its statement. */
async function holdPointer(): Promise<{ untilHeldUp: () => Promise<void>; end: () => void }> {
  const pool = createPool({ url: postgres.url, poolMax: 2, statementTimeoutMs: 120_000 });
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  await client.query('SELECT 1 FROM live_pointer FOR UPDATE');
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%UPDATE live_pointer%'`;
  return {
    untilHeldUp: () => until(async () => (await pool.query(waiting)).rows.length > 0),
    // A pool does not always notice that a connection to a killed server has ended.
    end: () => {
      client.release(true);
      pool.end().catch(() => undefined);
    },
  };
}

const liveId = async () => (await studio.deps.collections.findLive())?.collectionId;

async function expectSound(writes: Writer): Promise<void> {
  const { deps } = studio;
  const pool = createPool({ url: postgres.url, poolMax: 1, statementTimeoutMs: 10_000 });
  const pointers = await pool.query(
    'SELECT p.collection_id, c.status FROM live_pointer p JOIN collections c ON c.id = p.collection_id',
  );
  await pool.end();
  expect(pointers.rows).toEqual([{ collection_id: await liveId(), status: 'ready' }]);
  const rollouts = await deps.rollouts.listRollouts({ offset: 0, limit: 100 });
  expect(rollouts.filter(({ state }) => state === 'live').map(({ collectionId }) => collectionId)).toEqual([
    await liveId(),
  ]);
  for (const { from, to } of rollouts.flatMap(({ transitions }) => transitions))
    expect(rolloutTransitions[from]).toContain(to);

  const written = await deps.items.findItems(writes.acknowledged);
  expect(written.map(({ id }) => id)).toEqual(writes.acknowledged);
  for (const { id } of await deps.collections.listWriteTargets()) {
    expect(await deps.collections.findFresh(id, written)).toHaveLength(written.length);
    expect(await deps.collections.countVectors(id)).toMatchObject({ items: await deps.items.countItems(), stale: 0 });
  }
}

const areDone = async (ids: readonly string[]) =>
  (await Promise.all(ids.map((id) => studio.deps.tasks.getTask(id)))).every(({ status }) => status === 'done');

describe('the postmaster killed', () => {
  test('in the middle of a switch: nothing half-moved, no write lost, and the rollout goes live afterwards', async () => {
    redis = findRedisProgram() === null ? null : await startTestRedis();
    const before = await liveId();
    const held = await holdPointer();
    worker = spawnWorker({
      ...{ POSTGRES_URL: postgres.url, MONGO_URL: studio.mongo.url, MONGO_DATABASE: studio.mongo.database },
      ...{ REDIS_URL: redis?.url ?? '', FOLDER: studio.folder },
    });
    writer = startWriter();
    const rolloutId = (await requestTuning(studio)).rollout?.id ?? '';
    await held.untilHeldUp();
    expect((await studio.deps.rollouts.getRollout(rolloutId)).state).toBe('verified');
    await postgres.kill();
    held.end();
    await sleep(500);
    await postgres.restart();
    expect([before, (await studio.deps.rollouts.getRollout(rolloutId)).collectionId]).toContain(await liveId());
    await until(async () => (await studio.deps.rollouts.getRollout(rolloutId)).state === 'live');
    await writer.stop();
    const { acknowledged } = writer;
    expect(acknowledged.length).toBeGreaterThan(0);
    await until(() => areDone(acknowledged));
    await expectSound(writer);
    expect(await liveId()).not.toBe(before);
  });

  test('in the middle of a rollback: it is refused, what was live still is, and it works when asked again', async () => {
    await requestTuning(studio);
    await drainTasks(studio.deps);
    const tuned = await liveId();
    writer = startWriter();
    const held = await holdPointer();
    const asked = rollBack({ ctx: studio.ctx, input: {} }).catch((error: unknown) => error);
    await held.untilHeldUp();
    await postgres.kill();
    expect(await asked).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    held.end();
    await postgres.restart();
    expect(await liveId()).toBe(tuned);
    const { acknowledged } = writer;
    const known = acknowledged.length;
    await until(async () => acknowledged.length > known);
    await writer.stop();
    await drainTasks(studio.deps);
    await rollBack({ ctx: studio.ctx, input: { expectedCollectionId: tuned } });
    expect(await liveId()).not.toBe(tuned);
    await drainTasks(studio.deps);
    await expectSound(writer);
  });

  test('right after a rollback moved the pointer: the answer is lost, the rollouts follow the pointer', async () => {
    const { ctx, deps } = studio;
    await requestTuning(studio);
    await drainTasks(deps);
    const tuned = await liveId();
    writer = startWriter();
    const switchLive: typeof deps.collections.switchLive = async (move) => {
      const moved = await deps.collections.switchLive(move);
      await postgres.kill();
      return moved;
    };
    const dying = { ...ctx, deps: { ...deps, collections: { ...deps.collections, switchLive } } };
    await expect(rollBack({ ctx: dying, input: {} })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await postgres.restart();
    expect(await liveId()).not.toBe(tuned);
    await writer.stop();
    await drainTasks(deps);
    const states = (await deps.rollouts.listRollouts({ offset: 0, limit: 10 })).map(({ state }) => state);
    expect(states).toEqual(['rolledBack', 'live']);
    await expectSound(writer);
    await rollBack({ ctx, input: {} });
    expect(await liveId()).toBe(tuned);
  });
});
