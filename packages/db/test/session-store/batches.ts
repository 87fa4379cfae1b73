import type { SessionStore } from '@embedding-studio/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { type SessionStores, sessionFixtures } from './fixtures.ts';

export function describeBatches({ makeStores, clock }: SessionStores): void {
  describe('session store: batches', () => {
    const { makeSession, makeEvent, listAll } = sessionFixtures(clock);
    let store: SessionStore;
    let other: SessionStore;
    beforeEach(async () => {
      [store, other] = await makeStores();
    });

    it('freezes one batch per release id, and opens the next one with the next session', async () => {
      expect(await store.releaseBatch('r0')).toBeNull();
      await store.registerSessions([makeSession('s1'), makeSession('s2')]);
      const released = await store.releaseBatch('r1');
      expect(released).toMatchObject({ status: 'released', sessionCount: 2, releaseId: 'r1' });
      expect(await store.releaseBatch('r1')).toEqual(released);
      expect(await store.releaseBatch('r2')).toBeNull();
      await store.registerSession(makeSession('s3'));
      expect(await store.releaseBatch('r1')).toEqual(released);
      const session = await store.getSession('s3');
      expect(session.sessionNumber).toBe(1);
      expect(session.batchId).not.toBe(released?.batchId);
      expect(await store.getBatch(session.batchId)).toMatchObject({ status: 'collecting', sessionCount: 1 });
      expect(await store.getBatch(released?.batchId ?? '')).toEqual(released);
    });

    it('gives parallel releases of one id one batch, and of two ids the batch to one of them', async () => {
      await store.registerSession(makeSession('s1'));
      const same = await Promise.all([store, other, store, other].map((target) => target.releaseBatch('r1')));
      for (const batch of same) expect(batch).toEqual(same[0]);
      await store.registerSession(makeSession('s2'));
      const two = await Promise.all([store.releaseBatch('r2'), other.releaseBatch('r3')]);
      expect(two.filter((batch) => batch !== null)).toHaveLength(1);
    });

    it('never answers one of several parallel releases of an id with nothing', async () => {
      for (let round = 0; round < 30; round += 1) {
        await store.registerSession(makeSession(`round${round}`));
        const wait = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
        const releases = [store, other, store, other].map(async (target) => {
          await wait();
          return target.releaseBatch(`release${round}`);
        });
        const ids = (await Promise.all(releases)).map((batch) => batch?.batchId);
        expect(new Set(ids).size).toBe(1);
        expect(ids[0]).toBeDefined();
      }
    });

    it('shows in a released batch only what was received before its release', async () => {
      await store.registerSession(makeSession('s1'));
      await store.pushEvents([makeEvent('s1', 'before')]);
      const batch = await store.releaseBatch('r1');
      // Even one that claims an earlier arrival: it was not there when the batch froze.
      await store.pushEvents([makeEvent('s1', 'same-moment'), makeEvent('s1', 'earlier', { receivedAt: new Date(0) })]);
      clock.advance(5);
      await store.pushEvents([makeEvent('s1', 'after')]);
      const [session] = await listAll(store, batch?.batchId ?? '');
      expect(session?.events.map((event) => event.eventId)).toEqual(['before']);
      expect((await store.getSession('s1')).events).toHaveLength(4);
    });

    it('loses no session and changes no frozen batch when releases and registrations race', async () => {
      const frozen = new Map<string, { ids: string[]; count: number }>();
      await Promise.all([
        ...Array.from({ length: 40 }, async (_, i) => {
          await new Promise((resolve) => setTimeout(resolve, i % 10));
          return (i % 2 === 0 ? store : other).registerSessions([makeSession(`s${i}a`), makeSession(`s${i}b`)]);
        }),
        ...Array.from({ length: 8 }, async (_, i) => {
          await new Promise((resolve) => setTimeout(resolve, i * 2));
          const batch = await (i % 2 === 0 ? store : other).releaseBatch(`r${i}`);
          if (batch !== null)
            frozen.set(batch.batchId, {
              ids: (await listAll(store, batch.batchId)).map((session) => session.sessionId),
              count: batch.sessionCount,
            });
        }),
      ]);
      const batches = await store.listBatches({ offset: 0, limit: 50 });
      const seen: string[] = [];
      for (const { batchId, sessionCount } of batches) {
        const sessions = await listAll(store, batchId, 9);
        seen.push(...sessions.map((session) => session.sessionId));
        expect(sessions.map((session) => session.sessionNumber)).toEqual(
          Array.from({ length: sessionCount }, (_, i) => i + 1),
        );
        const first = frozen.get(batchId);
        if (first === undefined) continue;
        expect(first.count).toBe(sessionCount);
        expect(first.ids).toEqual(sessions.map((session) => session.sessionId));
      }
      expect(seen.sort()).toEqual(
        Array.from({ length: 40 }, (_, i) => [`s${i}a`, `s${i}b`])
          .flat()
          .sort(),
      );
      expect(batches.filter((batch) => batch.status === 'collecting').length).toBeLessThanOrEqual(1);
    });

    it('pages by number and cuts the events of a session', async () => {
      await store.registerSessions(['s1', 's2', 's3'].map((id) => makeSession(id)));
      await store.pushEvents(
        [3, 1, 2].map((i) => makeEvent('s2', `e${i}`, { createdAt: new Date(clock.now().getTime() + i * 1_000) })),
      );
      const { batchId } = await store.getSession('s1');
      const [second, ...more] = await store.listBatchSessions({ batchId, afterNumber: 1, limit: 1, eventsLimit: 2 });
      expect(second?.sessionId).toBe('s2');
      expect(second?.events.map((event) => event.eventId)).toEqual(['e1', 'e2']);
      expect(more).toEqual([]);
    });

    it('gives a frozen batch no event that arrives in bulk after its release', async () => {
      await store.registerSession(makeSession('f1'));
      await store.ingestEvents([makeEvent('f1', 'e1')]);
      const batch = await store.releaseBatch('frozen');
      await store.ingestEvents([makeEvent('f1', 'e2')]);
      const [frozen] = await store.listBatchSessions({
        ...{ batchId: batch?.batchId ?? '', afterNumber: 0, limit: 5, eventsLimit: 9 },
      });
      expect(frozen?.events.map(({ eventId }) => eventId)).toEqual(['e1']);
      expect((await store.getSession('f1')).events).toHaveLength(2);
    });
  });
}
