import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobHandlers, QueueConnection } from '@embedding-studio/queue';
import { createQueue, createSweeper, createWorkerHost } from '@embedding-studio/queue';
import { findRedisProgram, recordLog, startTestRedis, type TestRedis } from '@embedding-studio/testing';
import { startTestMongo, type TestMongo } from '@embedding-studio/testing/mongo';
import { startTestPostgres, type TestPostgres } from '@embedding-studio/testing/postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const { log } = recordLog();
const closers: (() => Promise<unknown>)[] = [];
let mongo: TestMongo;

beforeEach(async () => {
  mongo = await startTestMongo();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await mongo.stop();
});

async function until(isMet: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isMet())) await sleep(10);
}

const statusOf = async (id: string) => (await mongo.stores.tasks.getTask(id)).status;

function open(connection: QueueConnection, handlers: JobHandlers) {
  const { tasks, workers } = mongo.stores;
  const queue = createQueue(connection, { log });
  const host = createWorkerHost({
    ...{ connection, roles: ['improvement'], tasks, workers, log, handlers, version: '9.9.9' },
    ...{ beatMs: 20, pausesMs: 20, retryDelaySeconds: () => 0 },
  });
  const sweeper = createSweeper({ tasks, queue, log, intervalMs: 30, redeliverAfterMs: 200 });
  closers.push(
    () => queue.close(),
    () => host.close(),
    () => sweeper.close(),
  );
  return host;
}

const request = (id: string, kind: 'switch' | 'verification' = 'switch') =>
  mongo.stores.tasks.requestTask({ kind, id, idempotencyKey: id, input: { rolloutId: 'r' } });

/** Both backends promise the same. */
function testHost(connect: () => QueueConnection): void {
  test('a worker tells who it is and what it runs, and is forgotten when it closes', async () => {
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const host = open(connect(), { switch: async () => ({ result: await finished.then(() => ({})) }) });
    await host.ready();
    await request('long');
    const list = () => mongo.stores.workers.listWorkers();
    await until(async () => (await list())[0]?.running.length === 1);
    const [worker] = await list();
    expect(worker).toMatchObject({
      ...{ id: host.id, roles: ['improvement'], pid: process.pid, version: '9.9.9', isLive: true },
      running: [{ taskId: 'long', kind: 'switch' }],
    });
    expect(worker?.rssBytes).toBeGreaterThan(1_000_000);
    finish();
    await until(async () => (await statusOf('long')) === 'done');
    expect(await mongo.stores.tasks.getTask('long')).toMatchObject({
      workerId: host.id,
      attempts: [{ attempt: 1, outcome: 'done', workerId: host.id }],
    });
    await host.close();
    expect(await list()).toEqual([]);
  });

  test('what ended is counted by the minute and by its end', async () => {
    let tries = 0;
    const host = open(connect(), {
      switch: async ({ task }) => {
        if (task.id === 'bad') throw Object.assign(new Error('no'), { name: 'Bad' });
        tries += 1;
        if (tries === 1) throw new Error('once');
        return { result: {} };
      },
    });
    await host.ready();
    await request('good');
    await until(async () => (await statusOf('good')) === 'done');
    await request('bad');
    await until(async () => (await statusOf('bad')) === 'failed');
    const sum = async () => {
      const minutes = await mongo.stores.workers.listMinutes(new Date(0));
      const total = (name: 'done' | 'failed' | 'released') => minutes.reduce((all, row) => all + row[name], 0);
      return [total('done'), total('failed'), total('released')];
    };
    await until(async () => (await sum())[1] === 1);
    expect(await sum()).toEqual([1, 1, 5]);
    const { attempts } = await mongo.stores.tasks.getTask('bad');
    expect(attempts.map(({ outcome }) => outcome)).toEqual([...Array(4).fill('released'), 'failed']);
    expect(attempts[0]?.error?.stack).toContain('heartbeat.db.test.ts');
  });

  test('nothing of a paused kind starts, the others go on, and what waited runs once it is resumed', async () => {
    const { workers } = mongo.stores;
    await workers.pauseKinds(['switch'], { reason: 'for the test', actor: 'test' });
    const ran: string[] = [];
    const run = async ({ task }: { task: { id: string } }) => {
      ran.push(task.id);
      return { result: {} };
    };
    const host = open(connect(), { switch: run, verification: run });
    await host.ready();
    for (const id of ['w1', 'w2']) await request(id);
    await request('free', 'verification');
    await until(async () => (await statusOf('free')) === 'done');
    // Long enough for the sweeper to have delivered again what nobody takes.
    await sleep(500);
    expect(ran).toEqual(['free']);
    await workers.resumeKinds(['switch']);
    await until(async () => (await statusOf('w1')) === 'done' && (await statusOf('w2')) === 'done');
    await workers.pauseKinds(['switch'], { reason: 'again', actor: 'test' });
    await sleep(100);
    await request('w3');
    await sleep(300);
    expect(await statusOf('w3')).toBe('pending');
    await workers.resumeKinds(['switch']);
    await until(async () => (await statusOf('w3')) === 'done');
    expect(ran.filter((id) => id !== 'free').sort()).toEqual(['w1', 'w2', 'w3']);
  });
}

describe.skipIf(findRedisProgram() === null)('a worker host on Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis.stop());

  testHost(() => ({ redisUrl: redis.url, prefix: randomUUID() }));
});

describe('a worker host on Postgres', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres.stop());

  testHost(() => ({ postgresUrl: postgres.url, prefix: randomUUID().slice(0, 8) }));
});
