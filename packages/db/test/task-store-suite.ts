import type { AnyTask, TaskClaim, TaskRequest, TaskStatus, TaskStore } from '@embedding-studio/contracts';
import { jobCatalog, taskTransitions } from '@embedding-studio/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostileTexts } from './item-fixtures.ts';

/** A clock that the tests move. */
export interface TestClock {
  now(): Date;
  advance(seconds: number): void;
}

export function makeClock(): TestClock {
  let time = Date.parse('2030-01-01T00:00:00Z');
  return {
    now: () => new Date(time),
    advance: (seconds) => {
      time += seconds * 1_000;
    },
  };
}

const reason = { code: 'INTERNAL' as const, message: 'broke' };

/** What every TaskStore guarantees. The factory gives an empty store that reads the given clock. */
export function testTaskStore(makeStore: () => Promise<TaskStore>, clock: TestClock): void {
  describe('task store', () => {
    let store: TaskStore;
    let serial = 0;
    beforeEach(async () => {
      store = await makeStore();
    });

    const request = (change: Partial<TaskRequest<'reindex'>> = {}) =>
      store.requestTask({
        kind: 'reindex',
        idempotencyKey: `key-${serial++}`,
        input: { rolloutId: 'rol_1' },
        ...change,
      });

    async function claim(task: AnyTask, leaseSeconds = 60): Promise<TaskClaim> {
      const claimed = await store.claimTask(task.id, leaseSeconds);
      expect(claimed).not.toBeNull();
      return { taskId: task.id, attempt: claimed?.attempt ?? -1 };
    }

    async function bringTo(status: TaskStatus): Promise<AnyTask> {
      const { task } = await request();
      if (status === 'pending') return task;
      if (status === 'canceled') return store.cancelTask(task.id);
      const held = await claim(task);
      if (status === 'done') await store.settleTask(held, { status, result: {} });
      if (status === 'failed' || status === 'refused') await store.settleTask(held, { status, error: reason });
      return store.getTask(task.id);
    }

    it('creates a pending task with everything that was asked for', async () => {
      const input = { items: [{ id: '1', title: 't', text: 'x', payload: { 'a.b': { $set: 1 }, __proto: [null] } }] };
      const { task, created } = await store.requestTask({ kind: 'upsertion', id: 'mine', idempotencyKey: 'k', input });
      expect(created).toBe(true);
      expect(task).toMatchObject({ id: 'mine', kind: 'upsertion', status: 'pending', attempt: 0, input });
      expect(task).toMatchObject({
        dispatchedAt: null,
        leaseUntil: null,
        attemptsMax: jobCatalog.upsertion.attemptsMax,
      });
      expect(await store.getTask('mine')).toEqual(task);
    });

    it('returns the same task for the same idempotency key, also to 20 at once', async () => {
      const asked = await Promise.all(Array.from({ length: 20 }, () => request({ idempotencyKey: 'same' })));
      expect(new Set(asked.map(({ task }) => task.id)).size).toBe(1);
      expect(asked.filter(({ created }) => created)).toHaveLength(1);
    });

    it('refuses a client id that exists under another key', async () => {
      await request({ id: 'mine' });
      await expect(request({ id: 'mine' })).rejects.toMatchObject({ code: 'TASK_CONFLICT', field: 'id' });
    });

    it('lets exactly one of 20 parallel claims win', async () => {
      const { task } = await request();
      const claims = await Promise.all(Array.from({ length: 20 }, () => store.claimTask(task.id, 60)));
      expect(claims.filter((claimed) => claimed !== null)).toHaveLength(1);
      expect((await store.getTask(task.id)).attempt).toBe(1);
    });

    it('gives an expired lease to the next worker, and the first one can change nothing any more', async () => {
      const { task } = await request();
      const first = await claim(task, 60);
      await store.saveCheckpoint(first, { checkpoint: { cursor: 'a' } });
      clock.advance(59);
      expect(await store.claimTask(task.id, 60)).toBeNull();
      clock.advance(2);
      const second = await store.claimTask(task.id, 60);
      expect(second).toMatchObject({ attempt: 2, status: 'processing', checkpoint: { cursor: 'a' } });
      const before = await store.getTask(task.id);
      const late = [
        store.renewLease(first, 60),
        store.saveCheckpoint(first, { checkpoint: { cursor: 'late' } }),
        store.settleTask(first, { status: 'done', result: {} }),
        store.settleTask(first, { status: 'failed', error: reason }),
        store.releaseTask(first, { delaySeconds: 0, error: reason }),
      ];
      for (const outcome of await Promise.allSettled(late))
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'LEASE_LOST' } });
      expect(await store.getTask(task.id)).toEqual(before);
    });

    it('renews a lease, and tells the worker of a cancellation', async () => {
      const { task } = await request();
      const held = await claim(task, 10);
      clock.advance(8);
      expect(await store.renewLease(held, 10)).toEqual({ cancelRequested: false });
      clock.advance(8);
      expect(await store.claimTask(task.id, 10)).toBeNull();
      expect(await store.cancelTask(task.id)).toMatchObject({ status: 'processing', cancelRequested: true });
      expect(await store.renewLease(held, 10)).toEqual({ cancelRequested: true });
      await store.settleTask(held, { status: 'canceled', error: reason });
      expect((await store.getTask(task.id)).status).toBe('canceled');
    });

    it('keeps checkpoint, progress and failures, each on its own', async () => {
      const { task } = await request();
      const held = await claim(task);
      const progress = { done: 1, total: 2, note: 'n', secondsLeft: null };
      await store.saveCheckpoint(held, { checkpoint: { 'a.b': '$c' } });
      await store.saveCheckpoint(held, { progress, failures: [{ itemId: 'x', stage: 'other', detail: 'd' }] });
      expect(await store.getTask(task.id)).toMatchObject({
        checkpoint: { 'a.b': '$c' },
        progress,
        failures: [{ itemId: 'x' }],
      });
    });

    it('settles once: the same outcome again is accepted, another one is LEASE_LOST', async () => {
      const { task } = await request();
      const held = await claim(task);
      await store.settleTask(held, { status: 'done', result: { n: 1 } });
      await store.settleTask(held, { status: 'done', result: { n: 1 } });
      await expect(store.settleTask(held, { status: 'failed', error: reason })).rejects.toMatchObject({
        code: 'LEASE_LOST',
      });
      expect(await store.getTask(task.id)).toMatchObject({ status: 'done', result: { n: 1 }, leaseUntil: null });
      expect(await store.claimTask(task.id, 60)).toBeNull();
    });

    it('gives a released task back only after the delay, with its error and its checkpoint', async () => {
      const { task } = await request();
      const held = await claim(task);
      await store.saveCheckpoint(held, { checkpoint: { at: 3 } });
      await store.releaseTask(held, { delaySeconds: 30, error: reason });
      expect(await store.claimTask(task.id, 60)).toBeNull();
      expect(await store.listUndelivered(10)).toEqual([]);
      clock.advance(31);
      expect((await store.listUndelivered(10)).map((each) => each.id)).toEqual([task.id]);
      expect(await store.claimTask(task.id, 60)).toMatchObject({ attempt: 2, error: reason, checkpoint: { at: 3 } });
    });

    it('lists what the queue must be told: never dispatched, or expired, when it is due; oldest first', async () => {
      const { task: first } = await request();
      clock.advance(1);
      const { task: dispatched } = await request();
      await store.markDispatched(dispatched.id);
      const { task: later } = await request({ notBefore: new Date(clock.now().getTime() + 60_000) });
      const { task: held } = await request();
      await claim(held, 10);
      const ids = async () => (await store.listUndelivered(10)).map((each) => each.id);
      expect(await ids()).toEqual([first.id]);
      clock.advance(20);
      expect(await ids()).toEqual([first.id, held.id]);
      clock.advance(60);
      expect((await ids()).sort()).toEqual([first.id, held.id, later.id].sort());
      expect(await store.listUndelivered(1)).toHaveLength(1);
    });

    it('cancels a pending task at once, and a cancelled one again without harm', async () => {
      const { task } = await request();
      expect((await store.cancelTask(task.id)).status).toBe('canceled');
      expect((await store.cancelTask(task.id)).status).toBe('canceled');
      expect(await store.claimTask(task.id, 60)).toBeNull();
    });

    it.each(Object.keys(taskTransitions) as TaskStatus[])(
      'restarts and cancels from %s only as the table allows',
      async (status) => {
        const task = await bringTo(status);
        const mayRestart = status !== 'processing' && taskTransitions[status].includes('pending');
        const restart = store.restartTask(task.id);
        if (mayRestart) {
          const restarted = await restart;
          expect(restarted).toMatchObject({
            status: 'pending',
            error: null,
            dispatchedAt: null,
            cancelRequested: false,
          });
          expect(restarted.attempt).toBe(task.attempt);
          expect(restarted.attemptsMax).toBe(task.attempt + jobCatalog.reindex.attemptsMax);
          return;
        }
        await expect(restart).rejects.toMatchObject({ code: 'TRANSITION_ILLEGAL' });
        if (status === 'done')
          await expect(store.cancelTask(task.id)).rejects.toMatchObject({ code: 'TRANSITION_ILLEGAL' });
      },
    );

    it('lists newest first, by kind and status', async () => {
      const ids: string[] = [];
      for (let i = 0; i < 3; i++) {
        ids.unshift((await request()).task.id);
        clock.advance(1);
      }
      await store.cancelTask(ids[0] ?? '');
      expect((await store.listTasks({ offset: 0, limit: 10 })).map((task) => task.id)).toEqual(ids);
      expect((await store.listTasks({ offset: 1, limit: 1 })).map((task) => task.id)).toEqual([ids[1]]);
      expect(await store.listTasks({ kind: 'switch', offset: 0, limit: 10 })).toEqual([]);
      expect((await store.listTasks({ status: 'canceled', offset: 0, limit: 10 })).map((task) => task.id)).toEqual([
        ids[0],
      ]);
    });

    it('says TASK_NOT_FOUND for unknown and hostile ids, and refuses operators in place of an id', async () => {
      for (const id of ['tsk_none', ...hostileTexts]) {
        const calls = [
          store.getTask(id),
          store.claimTask(id, 1),
          store.cancelTask(id),
          store.restartTask(id),
          store.markDispatched(id),
        ];
        for (const outcome of await Promise.allSettled(calls))
          expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'TASK_NOT_FOUND' } });
      }
      await request();
      const operator = { $ne: null } as unknown as string;
      await expect(store.getTask(operator)).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'taskId' });
      await expect(store.cancelTask(operator)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      expect(await store.listTasks({ status: 'canceled', offset: 0, limit: 10 })).toEqual([]);
    });

    it('stores hostile texts as they are and refuses what no document can hold', async () => {
      for (const text of hostileTexts) {
        const { task } = await request({ id: text, idempotencyKey: text, input: { rolloutId: text } });
        expect(await store.getTask(text)).toEqual(task);
      }
      const large = [{ id: '1', title: '', text: 'x'.repeat(16_000_000), payload: {} }];
      const call = store.requestTask({ kind: 'upsertion', idempotencyKey: 'large', input: { items: large } });
      await expect(call).rejects.toMatchObject({ code: 'BODY_TOO_LARGE', field: 'input' });
    });
  });
}
