import type { KindMinute, WorkerBeat, WorkerRegistry } from '@embedding-studio/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TestClock } from './task-store-suite.ts';

/** What every WorkerRegistry guarantees. The factory gives an empty one that reads the given clock. */
export function testWorkerRegistry(makeRegistry: () => Promise<WorkerRegistry>, clock: TestClock): void {
  describe('worker registry', () => {
    let registry: WorkerRegistry;
    beforeEach(async () => {
      registry = await makeRegistry();
    });

    const worker = (id: string): WorkerBeat => ({
      ...{ id, roles: ['upsertion'], host: 'h', pid: 1, version: '1', startedAt: clock.now() },
      ...{ rssBytes: 10, heapBytes: 5, eventLoopLagMs: 1.5, running: [] },
    });
    const count = (minute: Date, change: Partial<KindMinute>): KindMinute => ({
      ...{ kind: 'reindex', minute, done: 0, failed: 0, released: 0, busyMs: 0, ...change },
    });

    it('lists live workers before those that have stopped beating', async () => {
      await registry.beat(worker('a'), []);
      clock.advance(15);
      const running = [{ taskId: 't', kind: 'reindex' as const, since: clock.now() }];
      await registry.beat({ ...worker('b'), running }, []);
      clock.advance(10);
      const listed = await registry.listWorkers();
      expect(listed.map(({ id, isLive }) => [id, isLive])).toEqual([
        ['b', true],
        ['a', false],
      ]);
      expect(listed[0]).toMatchObject({ rssBytes: 10, eventLoopLagMs: 1.5, running });
      await registry.beat(worker('a'), []);
      expect((await registry.listWorkers()).every(({ isLive }) => isLive)).toBe(true);
      await registry.forgetWorker('a');
      await registry.forgetWorker('a');
      expect((await registry.listWorkers()).map(({ id }) => id)).toEqual(['b']);
    });

    it('adds up what several workers did in one minute', async () => {
      const minute = clock.now();
      const next = new Date(minute.getTime() + 60_000);
      await registry.beat(worker('a'), [count(minute, { done: 2, busyMs: 10 }), count(next, { failed: 1 })]);
      await registry.beat(worker('b'), [count(minute, { done: 1, released: 1, busyMs: 5 })]);
      expect(await registry.listMinutes(minute)).toEqual([
        count(minute, { done: 3, released: 1, busyMs: 15 }),
        count(next, { failed: 1 }),
      ]);
      expect(await registry.listMinutes(next)).toHaveLength(1);
    });

    it('keeps the first reason of a pause until it is lifted', async () => {
      const at = clock.now();
      await registry.pauseKinds(['reindex', 'deletion'], { reason: 'disk is full', actor: 'user:a' });
      clock.advance(5);
      await registry.pauseKinds(['reindex'], { reason: 'again', actor: 'user:b' });
      expect(await registry.listPauses()).toEqual([
        { kind: 'deletion', reason: 'disk is full', actor: 'user:a', at },
        { kind: 'reindex', reason: 'disk is full', actor: 'user:a', at },
      ]);
      await registry.resumeKinds(['reindex', 'switch']);
      expect((await registry.listPauses()).map(({ kind }) => kind)).toEqual(['deletion']);
    });
  });
}
