import type { TaskFilter, TaskKind, TaskRequest, TaskSearch, TaskStatus, TaskStore } from '@embedding-studio/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TestClock } from './task-store-suite.ts';

type Stores = { tasks: TaskStore; search: TaskSearch };

/** What every TaskSearch guarantees. The factory gives empty stores that read the given clock. */
export function testTaskSearch(makeStores: () => Promise<Stores>, clock: TestClock): void {
  describe('task search', () => {
    let stores: Stores;
    beforeEach(async () => {
      stores = await makeStores();
    });

    const request = <K extends TaskKind>(id: string, given: Pick<TaskRequest<K>, 'kind' | 'input' | 'notBefore'>) =>
      stores.tasks.requestTask({ id, idempotencyKey: id, ...given });

    async function settle(id: string, status: 'done' | 'failed' | 'refused', message = 'broke'): Promise<void> {
      const claimed = await stores.tasks.claimTask(id, 60, 'wrk_1');
      const claim = { taskId: id, attempt: claimed?.attempt ?? 0 };
      if (status === 'done') await stores.tasks.settleTask(claim, { status, result: {} });
      else await stores.tasks.settleTask(claim, { status, error: { code: 'INTERNAL', message } });
    }

    /** One of each: a reindex, a deletion, a switch, in all states, a second apart. */
    async function fill(): Promise<void> {
      const make: [string, TaskStatus][] = [
        ['r1', 'done'],
        ['r2', 'failed'],
        ['r3', 'pending'],
        ['d1', 'failed'],
        ['d2', 'canceled'],
        ['s1', 'refused'],
        ['s2', 'processing'],
      ];
      for (const [id, status] of make) {
        clock.advance(1);
        if (id.startsWith('r')) await request(id, { kind: 'reindex', input: { rolloutId: `rol_${id}` } });
        if (id.startsWith('d')) await request(id, { kind: 'deletion', input: { itemIds: ['x'] } });
        if (id.startsWith('s')) await request(id, { kind: 'switch', input: { rolloutId: 'rol_r1' } });
        if (status === 'done' || status === 'failed' || status === 'refused')
          await settle(id, status, `The (socket) of ${id} hung up`);
        if (status === 'canceled') await stores.tasks.cancelTask(id);
        if (status === 'processing') await stores.tasks.claimTask(id, 60);
      }
    }

    const idsOf = async (filter: TaskFilter) =>
      (await stores.search.findTasks({ filter, before: null, limit: 100 })).map(({ id }) => id);

    it('finds newest first by kind, status, subject and time, all of them together', async () => {
      await fill();
      expect(await idsOf({})).toEqual(['s2', 's1', 'd2', 'd1', 'r3', 'r2', 'r1']);
      expect(await idsOf({ kinds: ['reindex'] })).toEqual(['r3', 'r2', 'r1']);
      expect(await idsOf({ statuses: ['failed', 'refused'] })).toEqual(['s1', 'd1', 'r2']);
      expect(await idsOf({ kinds: ['reindex', 'switch'], statuses: ['failed', 'refused'] })).toEqual(['s1', 'r2']);
      expect(await idsOf({ subjects: ['rol_r1'] })).toEqual(['s2', 's1', 'r1']);
      expect(await idsOf({ subjects: ['rol_r1', 'rol_r2'], statuses: ['failed', 'done'] })).toEqual(['r2', 'r1']);
      expect(await idsOf({ subjects: [] })).toEqual([]);
      const [, , , from] = await stores.search.findTasks({ filter: {}, before: null, limit: 4 });
      expect(await idsOf({ createdFrom: from?.createdAt })).toEqual(['s2', 's1', 'd2', 'd1']);
      expect(await idsOf({ createdTo: from?.createdAt })).toEqual(['d1', 'r3', 'r2', 'r1']);
    });

    it('finds by the start of an id, else by words of an error, whatever their case, and takes no pattern', async () => {
      await fill();
      expect(await idsOf({ text: 'r3' })).toEqual(['r3']);
      expect(await idsOf({ text: 'r2' })).toEqual(['r2']);
      expect(await idsOf({ text: 'd' })).toEqual(['d2', 'd1']);
      expect(await idsOf({ text: 'SOCKET' })).toEqual(['s1', 'd1', 'r2']);
      expect(await idsOf({ text: '(socket) of d' })).toEqual(['d1']);
      expect(await idsOf({ text: 's.*t' })).toEqual([]);
      expect(await idsOf({ text: 'internal', kinds: ['deletion'] })).toEqual(['d1']);
      expect(await idsOf({ text: 'before it ran' })).toEqual(['d2']);
    });

    it('pages without a gap or a repetition, also within one instant', async () => {
      for (let index = 0; index < 25; index++) {
        const id = `t${String(index).padStart(2, '0')}`;
        await request(id, { kind: index % 2 === 0 ? 'reindex' : 'switch', input: { rolloutId: 'rol' } });
        if (index % 5 === 4) clock.advance(1);
      }
      for (const filter of [{}, { subjects: ['rol'] }, { text: 't' }, { kinds: ['reindex', 'switch'] as TaskKind[] }]) {
        const whole = await stores.search.findTasks({ filter, before: null, limit: 100 });
        const paged: string[] = [];
        for (let before: { createdAt: Date; id: string } | null = null; ; ) {
          const rows = await stores.search.findTasks({ filter, before, limit: 4 });
          paged.push(...rows.map(({ id }) => id));
          const last = rows.at(-1);
          if (last === undefined) break;
          before = last;
        }
        expect(whole).toHaveLength(25);
        expect(paged).toEqual(whole.map(({ id }) => id));
      }
    });

    it('counts by status what it would find', async () => {
      await fill();
      const none = { pending: 0, processing: 0, done: 0, failed: 0, refused: 0, canceled: 0 };
      const all = { pending: 1, processing: 1, done: 1, failed: 2, refused: 1, canceled: 1 };
      expect(await stores.search.countTasks({})).toEqual({ byStatus: all, total: 7, isCapped: false });
      const some = { kinds: ['reindex' as const], createdTo: clock.now() };
      expect((await stores.search.countTasks(some)).byStatus).toEqual({ ...none, pending: 1, done: 1, failed: 1 });
      expect((await stores.search.countTasks({ text: 'socket' })).byStatus).toEqual({ ...none, failed: 2, refused: 1 });
      expect((await stores.search.countTasks({ subjects: ['rol_r1'] })).total).toBe(3);
    });

    it('tells waiting from delayed and stalled, and since when the oldest waits', async () => {
      const later = new Date(clock.now().getTime() + 3_600_000);
      await request('delayed', { kind: 'reindex', input: { rolloutId: 'r' }, notBefore: later });
      clock.advance(1);
      const first = clock.now();
      for (const id of ['a', 'b', 'c']) await request(id, { kind: 'reindex', input: { rolloutId: 'r' } });
      await request('held', { kind: 'reindex', input: { rolloutId: 'r' } });
      await stores.tasks.claimTask('held', 10);
      await stores.tasks.claimTask('c', 1_000);
      clock.advance(20);
      const queues = await stores.search.describeQueues();
      expect(queues.find(({ kind }) => kind === 'reindex')).toEqual({
        ...{ kind: 'reindex', waiting: 2, delayed: 1, running: 2, stalled: 1, failed: 0, oldestAt: first },
      });
      expect(queues.find(({ kind }) => kind === 'switch')).toMatchObject({ waiting: 0, oldestAt: null });
    });

    it('shows of a task what a list needs and no payload', async () => {
      await request('long', {
        kind: 'deletion',
        input: { itemIds: Array.from({ length: 9_000 }, (_, at) => `${at}`) },
      });
      await settle('long', 'failed', 'x'.repeat(5_000));
      const [row] = await stores.search.findTasks({ filter: {}, before: null, limit: 1 });
      expect(row).toMatchObject({ id: 'long', attempt: 1, workerId: 'wrk_1', subjects: [], priority: 'normal' });
      expect(JSON.stringify(row).length).toBeLessThan(1_000);
    });
  });

  describe('history of attempts', () => {
    it('keeps how each attempt ended, by whom, with the stack', async () => {
      const { tasks } = await makeStores();
      const { task } = await tasks.requestTask({ kind: 'switch', idempotencyKey: 'h', input: { rolloutId: 'r' } });
      const begin = async () => {
        const claimed = await tasks.claimTask(task.id, 10, 'wrk_a');
        expect(claimed).toMatchObject({ workerId: 'wrk_a', startedAt: clock.now(), finishedAt: null });
        clock.advance(3);
        const { attempt = 0, startedAt = null, workerId = null } = claimed ?? {};
        return { taskId: task.id, attempt, startedAt, workerId };
      };
      const error = { code: 'STORE_UNAVAILABLE' as const, message: 'away' };
      await tasks.releaseTask(await begin(), { delaySeconds: 0, error, stack: 'at line 1' });
      await begin();
      clock.advance(20);
      await tasks.settleTask(await begin(), { status: 'done', result: {} });
      const { attempts, finishedAt } = await tasks.getTask(task.id);
      expect(attempts).toMatchObject([
        { attempt: 1, workerId: 'wrk_a', outcome: 'released', error: { ...error, stack: 'at line 1' } },
        { attempt: 3, outcome: 'done', error: null, endedAt: clock.now() },
      ]);
      expect(finishedAt).toEqual(clock.now());
    });

    it('remembers the rate that an operator sets, apart from none', async () => {
      const { tasks } = await makeStores();
      const { task } = await tasks.requestTask({ kind: 'switch', idempotencyKey: 'p', input: { rolloutId: 'r' } });
      expect(await tasks.findRate(task.id)).toBeUndefined();
      expect(await tasks.updateRate(task.id, 12)).toMatchObject({ itemsPerSecond: 12 });
      expect(await tasks.findRate(task.id)).toBe(12);
      await tasks.updateRate(task.id, null);
      expect(await tasks.findRate(task.id)).toBeNull();
      await expect(tasks.updateRate('absent', 1)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    });
  });
}
