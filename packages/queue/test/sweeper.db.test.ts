import { StudioError, type TaskStore } from '@embedding-studio/contracts';
import { createSweeper } from '@embedding-studio/queue';
import { recordLog } from '@embedding-studio/testing';
import { startTestMongo, type TestMongo } from '@embedding-studio/testing/mongo';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const hour = 3_600_000;
let now = 0;
let mongo: TestMongo;
let tasks: TaskStore;
let sent: string[];
let isQueueDown = false;

beforeEach(async () => {
  now = Date.UTC(2024, 0, 1);
  sent = [];
  isQueueDown = false;
  mongo = await startTestMongo({ now: () => new Date(now) });
  tasks = mongo.stores.tasks;
});

afterEach(() => mongo.stop());

const request = (id: string, notBefore?: Date) =>
  tasks.requestTask({ kind: 'switch', id, idempotencyKey: id, input: { rolloutId: 'r' }, notBefore });

async function sweep(): Promise<void> {
  const sweeper = createSweeper({
    tasks,
    now: () => new Date(now),
    log: recordLog().log,
    intervalMs: hour,
    redeliverAfterMs: 20_000,
    queue: {
      enqueue: async (_kind, taskId) => {
        if (isQueueDown) throw new StudioError('STORE_UNAVAILABLE', 'away');
        sent.push(taskId);
      },
      close: async () => undefined,
    },
  });
  await sweeper.close();
}

describe('the sweeper', () => {
  test('delivers what the queue was never told, once', async () => {
    await request('a');
    await sweep();
    await sweep();
    expect(sent).toEqual(['a']);
  });

  test('delivers again what was delivered and never claimed: the queue was emptied', async () => {
    await request('a');
    await sweep();
    now += 20_001;
    await sweep();
    expect(sent).toEqual(['a', 'a']);
  });

  test('delivers a task whose worker died', async () => {
    await request('a');
    await sweep();
    await tasks.claimTask('a', 60);
    now += 30_000;
    await sweep();
    expect(sent).toEqual(['a']);
    now += 30_001;
    await sweep();
    expect(sent).toEqual(['a', 'a']);
  });

  test('leaves a task alone until its time has come', async () => {
    await request('later', new Date(now + hour));
    await sweep();
    expect(sent).toEqual([]);
    now += hour;
    await sweep();
    expect(sent).toEqual(['later']);
  });

  test('a queue that is away loses nothing', async () => {
    await request('a');
    isQueueDown = true;
    await sweep();
    isQueueDown = false;
    await sweep();
    expect(sent).toEqual(['a']);
  });

  test('goes on after failures and says so once', async () => {
    const { log, lines } = recordLog();
    let rounds = 0;
    const broken: TaskStore = {
      ...tasks,
      listUndelivered: async () => {
        rounds += 1;
        if (rounds < 4) throw new StudioError('STORE_UNAVAILABLE', 'away');
        return [];
      },
    };
    const queue = { enqueue: async () => undefined, close: async () => undefined };
    const sweeper = createSweeper({ tasks: broken, queue, log, intervalMs: 1 });
    while (rounds < 5) await new Promise((resolve) => setTimeout(resolve, 1));
    await sweeper.close();
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'info']);
  });
});
