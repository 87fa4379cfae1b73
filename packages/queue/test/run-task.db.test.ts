import { type ErrorCode, jobCatalog, StudioError, type TaskStore } from '@embedding-studio/contracts';
import { type FailureListener, type JobHandler, runTask, type TaskRunOptions } from '@embedding-studio/queue';
import { recordLog } from '@embedding-studio/testing';
import { startTestMongo, type TestMongo } from '@embedding-studio/testing/mongo';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const input = { rolloutId: 'rol_1' };
let now = 0;
let mongo: TestMongo;
let tasks: TaskStore;
let failures: Parameters<FailureListener>[0][];

beforeEach(async () => {
  now = Date.UTC(2024, 0, 1);
  mongo = await startTestMongo({ now: () => new Date(now) });
  tasks = mongo.stores.tasks;
  failures = [];
  await tasks.requestTask({ kind: 'reindex', id: 't', idempotencyKey: 'k', input });
});

afterEach(() => mongo.stop());

function run(handler: JobHandler<'reindex'>, options: Partial<TaskRunOptions> = {}) {
  return runTask('t', {
    tasks,
    handlers: { reindex: handler },
    log: recordLog().log,
    onFailure: async (end) => void failures.push(end),
    ...options,
  });
}

const fail = (code: ErrorCode) => async () => {
  throw new StudioError(code, `it was ${code}`);
};

describe('runTask', () => {
  test('settles with the handler’s result', async () => {
    expect(await run(async () => ({ result: { items: 3 } }))).toBe('done');
    expect(await tasks.getTask('t')).toMatchObject({ status: 'done', result: { items: 3 }, attempt: 1 });
  });

  test('a second delivery of a settled task does nothing', async () => {
    await run(async () => ({ result: {} }));
    let calls = 0;
    expect(await run(async () => ({ result: { calls: ++calls } }))).toBe('notClaimed');
    expect(calls).toBe(0);
  });

  test('a delivery while another worker holds the lease does nothing; after its end it is taken over', async () => {
    await tasks.claimTask('t', 60);
    expect(await run(async () => ({ result: {} }))).toBe('notClaimed');
    now += 60_001;
    expect(await run(async () => ({ result: {} }))).toBe('done');
    expect((await tasks.getTask('t')).attempt).toBe(2);
  });

  test('the next attempt starts from the checkpoint of the one before', async () => {
    await run(async ({ save }) => {
      await save({ checkpoint: { after: 'item-7' } });
      throw new StudioError('STORE_UNAVAILABLE', 'away');
    });
    now += 120_000;
    let seen: unknown;
    await run(async ({ task }) => {
      seen = task.checkpoint;
      return { result: {} };
    });
    expect(seen).toEqual({ after: 'item-7' });
  });

  test('a retryable error gives the task back with a delay that grows, and tells nobody of a failure', async () => {
    const delays: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect(await run(fail('MODEL_SERVER_UNAVAILABLE'))).toBe('released');
      const { notBefore } = await tasks.getTask('t');
      delays.push((notBefore?.getTime() ?? 0) - now);
      now += 120_000;
    }
    expect(delays[1]).toBeGreaterThan(delays[0] ?? 0);
    expect(delays[2]).toBeGreaterThan(delays[1] ?? 0);
    expect(failures).toEqual([]);
  });

  test('gives up after the last attempt and reports it', async () => {
    for (let attempt = 1; attempt < jobCatalog.reindex.attemptsMax; attempt++) {
      await run(fail('INTERNAL'));
      now += 120_000;
    }
    expect(await run(fail('INTERNAL'))).toBe('failed');
    expect(failures).toMatchObject([{ taskId: 't', kind: 'reindex', status: 'failed', error: { code: 'INTERNAL' } }]);
  });

  test.each(['STORE_UNAVAILABLE', 'MODEL_SERVER_UNAVAILABLE'] as const)(
    '%s uses up no attempt, however long the outage: work goes on by itself after it',
    async (code) => {
      const { attemptsMax } = jobCatalog.reindex;
      for (let attempt = 1; attempt <= attemptsMax + 5; attempt++) {
        expect(await run(fail(code))).toBe('released');
        now += 120_000;
      }
      expect(failures).toEqual([]);
      for (let attempt = 1; attempt < attemptsMax; attempt++) {
        expect(await run(fail('INTERNAL'))).toBe('released');
        now += 120_000;
      }
      expect(await run(async () => ({ result: {} }))).toBe('done');
    },
  );

  test('workers that die on a task again and again end it as failed without running it once more', async () => {
    for (let attempt = 1; attempt <= jobCatalog.reindex.attemptsMax; attempt++) {
      await tasks.claimTask('t', 60);
      now += 60_001;
    }
    let calls = 0;
    expect(await run(async () => ({ result: { calls: ++calls } }))).toBe('failed');
    expect(calls).toBe(0);
    expect(failures).toHaveLength(1);
  });

  test('an error that a retry cannot mend fails or refuses at once', async () => {
    expect(await run(fail('VERIFICATION_FAILED'))).toBe('failed');
    await tasks.restartTask('t');
    expect(await run(fail('TRAINING_EVIDENCE_MISSING'))).toBe('refused');
    expect(failures.map(({ status }) => status)).toEqual(['failed', 'refused']);
  });

  test('work that ends while the document store is away counts once it is back, and is not done again', async () => {
    let refusals = 3;
    const leaving: TaskStore = {
      ...tasks,
      settleTask: async (claim, outcome) => {
        if (refusals-- > 0) throw new StudioError('STORE_UNAVAILABLE', 'away');
        return tasks.settleTask(claim, outcome);
      },
    };
    let calls = 0;
    expect(await run(async () => ({ result: { calls: ++calls } }), { tasks: leaving })).toBe('done');
    expect(await tasks.getTask('t')).toMatchObject({ status: 'done', attempt: 1, result: { calls: 1 } });
  });

  test('a worker that wakes up after its lease changes nothing', async () => {
    const outcome = await run(async ({ save }) => {
      now += 60_001;
      await tasks.claimTask('t', 60);
      await save({ checkpoint: { after: 'late' } });
      return { result: { late: true } };
    });
    expect(outcome).toBe('leaseLost');
    expect(await tasks.getTask('t')).toMatchObject({
      status: 'processing',
      attempt: 2,
      checkpoint: null,
      result: null,
    });
    expect(failures).toEqual([]);
  });

  test('cancelling a running task aborts its signal and settles it as canceled', async () => {
    const outcome = await run(
      async ({ signal }) => {
        await tasks.cancelTask('t');
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw signal.reason;
      },
      { leaseSeconds: 0.3 },
    );
    expect(outcome).toBe('canceled');
    expect((await tasks.getTask('t')).status).toBe('canceled');
    expect(failures).toMatchObject([{ status: 'canceled' }]);
  });

  test('a shutdown gives the task back at once, as often as it happens', async () => {
    for (let redeploy = 0; redeploy < jobCatalog.reindex.attemptsMax + 3; redeploy++) {
      const outcome = await run(async ({ signal }) => signal.throwIfAborted() ?? { result: {} }, {
        onStart: (keeper) => {
          keeper.abort('shutdown');
          return () => undefined;
        },
      });
      expect(outcome).toBe('released');
    }
    expect(await run(async () => ({ result: {} }))).toBe('done');
  });

  test('a lease is renewed while the handler works', async () => {
    let renewals = 0;
    const counting: TaskStore = {
      ...tasks,
      renewLease: (claim, seconds) => {
        renewals += 1;
        return tasks.renewLease(claim, seconds);
      },
    };
    await run(
      async () => {
        while (renewals < 3) await new Promise((resolve) => setTimeout(resolve, 5));
        return { result: {} };
      },
      { tasks: counting, leaseSeconds: 0.06 },
    );
    expect(renewals).toBeGreaterThanOrEqual(3);
  });

  test('a task of a kind without handler is given back, not lost', async () => {
    expect(await runTask('t', { tasks, handlers: {}, log: recordLog().log })).toBe('released');
  });
});
