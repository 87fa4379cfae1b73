import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskStore } from '@embedding-studio/contracts';
import {
  createQueue,
  createSweeper,
  createWorkerHost,
  type QueueConnection,
  type WorkerHost,
} from '@embedding-studio/queue';
import { findRedisProgram, recordLog, startTestRedis, type TestRedis } from '@embedding-studio/testing';
import { startTestMongo, type TestMongo } from '@embedding-studio/testing/mongo';
import { startTestPostgres, type TestPostgres } from '@embedding-studio/testing/postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const { log } = recordLog();
const closers: (() => Promise<unknown>)[] = [];
let mongo: TestMongo;
let tasks: TaskStore;

beforeEach(async () => {
  mongo = await startTestMongo();
  tasks = mongo.stores.tasks;
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await mongo.stop();
});

const request = (id: string) =>
  tasks.requestTask({ kind: 'switch', id, idempotencyKey: id, input: { rolloutId: 'r' } });

async function until(isMet: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isMet())) await sleep(10);
}

const allDone = (ids: string[]) => async () =>
  (await Promise.all(ids.map((id) => tasks.getTask(id)))).every(({ status }) => status === 'done');

function open(connection: QueueConnection, effects: string[]) {
  const queue = createQueue(connection, { log });
  const host: WorkerHost = createWorkerHost({
    connection,
    roles: ['improvement'],
    tasks,
    log,
    handlers: {
      switch: async ({ task, signal }) => {
        await sleep(5, undefined, { signal });
        effects.push(task.id);
        return { result: {} };
      },
    },
  });
  closers.push(
    () => queue.close(),
    () => host.close(),
  );
  return { queue, host };
}

function sweep(queue: ReturnType<typeof createQueue>) {
  const sweeper = createSweeper({ tasks, queue, log, intervalMs: 30, redeliverAfterMs: 300 });
  closers.push(() => sweeper.close());
}

/** Both backends promise the same. */
function testQueue(connect: () => QueueConnection): void {
  test('waiting tasks start by priority, and in the order of their arrival within one', async () => {
    const connection = connect();
    const queue = createQueue(connection, { log });
    closers.push(() => queue.close());
    const asked = ['low', 'normal', 'high', 'high', 'normal'] as const;
    const ids = asked.map((priority, at) => `${priority}-${at}`);
    for (const [at, priority] of asked.entries()) {
      await request(ids[at] ?? '');
      await queue.enqueue('switch', ids[at] ?? '', { priority });
    }
    const effects: string[] = [];
    await open(connection, effects).host.ready();
    await until(allDone(ids));
    expect(effects).toEqual(['high-2', 'high-3', 'normal-1', 'normal-4', 'low-0']);
  });

  test('a delivered task runs, whatever its id looks like', async () => {
    const effects: string[] = [];
    const { queue, host } = open(connect(), effects);
    await host.ready();
    const ids = ['plain', '42', 'with:colon', 'ünï/code %'].map((id) => `${id}`);
    for (const id of ids) {
      await request(id);
      await queue.enqueue('switch', id);
    }
    await until(allDone(ids));
    expect(effects.sort()).toEqual(ids.sort());
  });

  test('many deliveries of one task have one effect', async () => {
    const effects: string[] = [];
    const { queue } = open(connect(), effects);
    await request('once');
    await Promise.all(Array.from({ length: 10 }, () => queue.enqueue('switch', 'once')));
    await until(allDone(['once']));
    await queue.enqueue('switch', 'once');
    await request('after');
    await queue.enqueue('switch', 'after');
    await until(allDone(['after']));
    expect(effects).toEqual(['once', 'after']);
  });

  test('a task that was given back is delivered again under its own id', async () => {
    const connection = connect();
    const queue = createQueue(connection, { log });
    let attempts = 0;
    const host = createWorkerHost({
      connection,
      roles: ['improvement'],
      tasks,
      log,
      retryDelaySeconds: () => 0,
      handlers: {
        switch: async () => {
          attempts += 1;
          if (attempts < 3) throw new Error('not yet');
          return { result: {} };
        },
      },
    });
    closers.push(
      () => queue.close(),
      () => host.close(),
    );
    await request('again');
    sweep(queue);
    await until(allDone(['again']));
    expect(attempts).toBe(3);
  });

  test('closing gives a running task back and another worker finishes it', async () => {
    const connection = connect();
    const queue = createQueue(connection, { log });
    closers.push(() => queue.close());
    let isRunning = false;
    const slow = createWorkerHost({
      connection,
      roles: ['improvement'],
      tasks,
      log,
      handlers: {
        switch: async ({ signal }) => {
          isRunning = true;
          await sleep(600_000, undefined, { signal });
          return { result: {} };
        },
      },
    });
    await request('handed over');
    await queue.enqueue('switch', 'handed over');
    await until(() => isRunning);
    await slow.close(10_000);
    expect(await tasks.getTask('handed over')).toMatchObject({ status: 'pending', error: { code: 'ABORTED' } });
    const effects: string[] = [];
    open(connection, effects);
    sweep(queue);
    await until(allDone(['handed over']));
    expect(effects).toEqual(['handed over']);
  });
}

describe.skipIf(findRedisProgram() === null)('the queue on Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis.stop());

  testQueue(() => ({ redisUrl: redis.url, prefix: randomUUID() }));

  /** `STUDIO_TEST_TASKS=10000 npx vitest run packages/queue/test/queue.db.test.ts` takes minutes, and kills it too. */
  const count = Number(process.env.STUDIO_TEST_TASKS ?? 80);

  test('emptying Redis in the middle of many tasks loses none and runs none twice', { timeout: 900_000 }, async () => {
    const effects: string[] = [];
    const { queue } = open({ redisUrl: redis.url, prefix: randomUUID() }, effects);
    const ids = Array.from({ length: count }, (_, index) => `t${index}`);
    for (const id of ids) await request(id);
    sweep(queue);
    await until(() => effects.length > count / 4);
    await redis.flushAll();
    await until(() => effects.length > (count * 5) / 8);
    await redis.flushAll();
    if (count > 1_000) {
      await redis.kill();
      await redis.restart();
    }
    await until(() => effects.length >= count);
    await until(allDone(ids));
    expect(effects.sort()).toEqual(ids.sort());
  });

  test('a Redis that dies and comes back empty loses no task', async () => {
    const effects: string[] = [];
    const { queue } = open({ redisUrl: redis.url, prefix: randomUUID() }, effects);
    const ids = Array.from({ length: 40 }, (_, index) => `d${index}`);
    for (const id of ids) await request(id);
    sweep(queue);
    await until(() => effects.length > 5);
    await redis.kill();
    await expect(queue.enqueue('switch', 'd0')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await redis.restart();
    await until(allDone(ids));
    expect(effects.sort()).toEqual(ids.sort());
  });
});

describe('the queue on Postgres', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres.stop());

  testQueue(() => ({ postgresUrl: postgres.url, prefix: randomUUID().slice(0, 8) }));

  test('leaves the process its turns while its database is not there, and says so', async () => {
    const url = new URL(postgres.url);
    url.pathname = '/not-made-yet';
    const { host } = open({ postgresUrl: url.href }, []);
    await expect(host.ready()).rejects.toThrow('does not exist');
    await sleep(1_200);
  });
});
