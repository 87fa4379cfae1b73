import type { NewSession, SessionEvent, SessionStore } from '@embedding-studio/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostileTexts } from './item-fixtures.ts';
import type { TestClock } from './task-store-suite.ts';

/** What every SessionStore guarantees. The factory gives two sets of stores, as two processes have them. */
export function testSessionStore(makeStores: () => Promise<[SessionStore, SessionStore]>, clock: TestClock): void {
  describe('session store', () => {
    let store: SessionStore;
    let other: SessionStore;
    beforeEach(async () => {
      [store, other] = await makeStores();
    });

    function makeSession(sessionId: string, change: Partial<NewSession> = {}): NewSession {
      return {
        sessionId,
        query: `query of ${sessionId}`,
        shown: [{ itemId: 'a' }, { itemId: 'b' }],
        createdAt: clock.now(),
        ...change,
      };
    }

    function makeEvent(sessionId: string, eventId: string, change: Partial<SessionEvent> = {}): SessionEvent {
      const now = clock.now();
      return { sessionId, eventId, itemId: 'a', type: 'click', createdAt: now, receivedAt: now, ...change };
    }

    async function listAll(batchId: string, limit = 100) {
      const all = [];
      for (let afterNumber = 0; ; ) {
        const page = await store.listBatchSessions({ batchId, afterNumber, limit, eventsLimit: 100 });
        if (page.length === 0) return all;
        all.push(...page);
        afterNumber = page.at(-1)?.sessionNumber ?? 0;
      }
    }

    it('keeps a session whole; a second one with its id changes nothing', async () => {
      const session = makeSession('s1', {
        shown: [{ itemId: 'a', rank: 1.5, meta: { 'a.b': { $gt: '' } } }],
        userId: 'u',
        searchMeta: { split: 'train', $where: 'x' },
        modelId: 'mdl_1',
        collectionId: 'col_1',
      });
      expect(await store.registerSession(session)).toEqual({ created: true });
      expect(await other.registerSession({ ...session, query: 'other' })).toEqual({ created: false });
      const stored = await store.getSession('s1');
      expect(stored).toMatchObject({ ...session, sessionNumber: 1, isIrrelevant: false, events: [] });
    });

    it('numbers sessions from 1 without gaps or repeats, whoever registers them at once', async () => {
      await Promise.all(
        Array.from({ length: 60 }, (_, i) => {
          const target = i % 2 === 0 ? store : other;
          // Every third one repeats an id, and some come in bulk.
          if (i % 5 === 0)
            return target.registerSessions(Array.from({ length: 4 }, (_, j) => makeSession(`bulk${i}-${j}`)));
          return target.registerSession(makeSession(`s${i % 3 === 0 ? i + 1 : i}`));
        }),
      );
      const [batch] = await store.listBatches({ offset: 0, limit: 5 });
      const sessions = await listAll(batch?.batchId ?? '', 7);
      expect(sessions.map((session) => session.sessionNumber)).toEqual(sessions.map((_, i) => i + 1));
      expect(new Set(sessions.map((session) => session.sessionId)).size).toBe(sessions.length);
      expect(batch?.sessionCount).toBe(sessions.length);
    });

    it('registers thousands at once and counts only the new ones', async () => {
      const sessions = Array.from({ length: 2_500 }, (_, i) => makeSession(`s${i}`));
      expect(await store.registerSessions(sessions.slice(0, 1_200))).toEqual({ created: 1_200 });
      expect(await store.registerSessions([...sessions, ...sessions.slice(0, 10)])).toEqual({ created: 1_300 });
      const [batch] = await store.listBatches({ offset: 0, limit: 1 });
      const numbers = (await listAll(batch?.batchId ?? '', 1_000)).map((session) => session.sessionNumber);
      expect(numbers).toEqual(Array.from({ length: 2_500 }, (_, i) => i + 1));
    });

    it('stores an event once; the same id with another body is EVENT_CONFLICT and writes nothing', async () => {
      await store.registerSession(makeSession('s1'));
      const event = makeEvent('s1', 'e1', { meta: { dwell: 3, nested: { x: [1] } } });
      expect(await store.pushEvents([event, event])).toEqual({ created: 1, duplicates: 1 });
      expect(await store.pushEvents([{ ...event, receivedAt: new Date(0) }])).toEqual({ created: 0, duplicates: 1 });
      for (const change of [{ itemId: 'b' }, { type: 'buy' }, { meta: { dwell: 4 } }, { meta: undefined }])
        await expect(store.pushEvents([makeEvent('s1', 'e2'), { ...event, ...change }])).rejects.toMatchObject({
          code: 'EVENT_CONFLICT',
        });
      const twice = [makeEvent('s1', 'e3'), makeEvent('s1', 'e3', { itemId: 'b' })];
      await expect(store.pushEvents(twice)).rejects.toMatchObject({ code: 'EVENT_CONFLICT' });
      expect((await store.getSession('s1')).events).toEqual([event]);
    });

    it('takes a repeated event whose time the server filled in as the same event', async () => {
      await store.registerSession(makeSession('s1'));
      await store.pushEvents([makeEvent('s1', 'e1')]);
      clock.advance(5);
      expect(await store.pushEvents([makeEvent('s1', 'e1')])).toEqual({ created: 0, duplicates: 1 });
      const given = { createdAt: new Date(clock.now().getTime() - 9_000) };
      await store.pushEvents([makeEvent('s1', 'e2', given)]);
      const otherTime = makeEvent('s1', 'e2', { createdAt: new Date(clock.now().getTime() - 7_000) });
      await expect(store.pushEvents([otherTime])).rejects.toMatchObject({ code: 'EVENT_CONFLICT' });
    });

    it('stores each event once when several processes push the same ones', async () => {
      await store.registerSession(makeSession('s1'));
      const events = Array.from({ length: 50 }, (_, i) => makeEvent('s1', `e${i}`));
      const outcomes = await Promise.all([store, other, store, other].map((target) => target.pushEvents(events)));
      expect(outcomes.reduce((sum, outcome) => sum + outcome.created, 0)).toBe(50);
      expect((await store.getSession('s1')).events).toHaveLength(50);
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

    it('shows in a released batch only what was received before its release', async () => {
      await store.registerSession(makeSession('s1'));
      await store.pushEvents([makeEvent('s1', 'before')]);
      const batch = await store.releaseBatch('r1');
      // Even one that claims an earlier arrival: it was not there when the batch froze.
      await store.pushEvents([makeEvent('s1', 'same-moment'), makeEvent('s1', 'earlier', { receivedAt: new Date(0) })]);
      clock.advance(5);
      await store.pushEvents([makeEvent('s1', 'after')]);
      const [session] = await listAll(batch?.batchId ?? '');
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
              ids: (await listAll(batch.batchId)).map((session) => session.sessionId),
              count: batch.sessionCount,
            });
        }),
      ]);
      const batches = await store.listBatches({ offset: 0, limit: 50 });
      const seen: string[] = [];
      for (const { batchId, sessionCount } of batches) {
        const sessions = await listAll(batchId, 9);
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

    it('takes events of many sessions at once, each on its own', async () => {
      await store.registerSessions(['m1', 'm2'].map((id) => makeSession(id)));
      const first = makeEvent('m1', 'e1', { dwellSeconds: 4, position: 2 });
      expect(await store.ingestEvents([first, first, makeEvent('m2', 'e1')])).toEqual({
        ...{ created: 2, duplicates: 1, refused: [] },
      });
      const again = [
        { ...first, receivedAt: new Date(0) },
        makeEvent('nobody', 'e1'),
        { ...first, dwellSeconds: 5 },
        makeEvent('m2', 'e2'),
      ];
      expect(await other.ingestEvents(again)).toEqual({
        ...{ created: 1, duplicates: 1 },
        refused: [
          { at: 1, code: 'SESSION_NOT_FOUND' },
          { at: 2, code: 'EVENT_CONFLICT' },
        ],
      });
      expect((await store.getSession('m1')).events).toEqual([first]);
      expect((await store.getSession('m2')).events.map(({ eventId }) => eventId)).toEqual(['e1', 'e2']);
    });

    it('stores each of thousands of events once, whoever brings them at the same time', async () => {
      await store.registerSessions(Array.from({ length: 50 }, (_, i) => makeSession(`w${i}`)));
      const events = Array.from({ length: 5_000 }, (_, i) => makeEvent(`w${i % 50}`, `e${i}`));
      const outcomes = await Promise.all([store, other, store].map((target) => target.ingestEvents(events)));
      expect(outcomes.reduce((sum, { created }) => sum + created, 0)).toBe(5_000);
      expect(outcomes.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(10_000);
      expect((await store.getSession('w7')).events).toHaveLength(100);
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

    it('adds further pages to the list of a session, without moving what is there', async () => {
      await store.registerSession(makeSession('p1', { query: 'q', shown: [{ itemId: 'a', position: 1 }] }));
      const page = (itemId: string, position: number) => ({
        ...{
          sessionId: 'p1',
          query: 'q',
          shown: [
            { itemId: 'a', position: 9 },
            { itemId, position },
          ],
        },
      });
      await Promise.all([store.extendSession(page('b', 11)), other.extendSession(page('c', 21))]);
      await store.extendSession({ ...page('d', 31), query: 'another question' });
      const { shown } = await store.getSession('p1');
      expect(shown[0]).toEqual({ itemId: 'a', position: 1 });
      expect(shown.map(({ itemId }) => itemId).sort()).toEqual(['a', 'b', 'c']);
      await store.releaseBatch('closed');
      await store.extendSession(page('e', 41));
      expect((await store.getSession('p1')).shown).toHaveLength(3);
    });

    it('reports sessions in the order in which something reached them, page by page', async () => {
      await store.registerSessions(['t1', 't2', 't3', 't4'].map((id) => makeSession(id)));
      await store.ingestEvents([makeEvent('t1', 'e1'), makeEvent('t1', 'e2')]);
      clock.advance(5);
      await store.ingestEvents([makeEvent('t2', 'e1')]);
      await store.markIrrelevant('t3');
      const until = clock.now();
      const first = await store.listTouched({ after: null, until, limit: 2 });
      expect(first.sessionIds).toEqual(['t1']);
      const second = await store.listTouched({ after: first.cursor, until, limit: 2 });
      expect(second.sessionIds.sort()).toEqual(['t2', 't3']);
      clock.advance(5);
      await store.ingestEvents([makeEvent('t1', 'e3')]);
      const third = await store.listTouched({ after: second.cursor, until: clock.now(), limit: 2 });
      expect(third.sessionIds).toContain('t1');
      expect((await store.findSessions(['t3', 'nobody', 't1'])).map(({ sessionId }) => sessionId)).toEqual([
        't3',
        't1',
      ]);
    });

    it('keeps why sessions are excluded, once each, and counts them', async () => {
      await store.registerSessions([makeSession('x1'), makeSession('x2', { exclusions: ['bot_agent'] })]);
      const verdict = { sessionId: 'x1', reasons: ['clicks_too_fast', 'user_too_fast'] as const };
      for (let i = 0; i < 2; i++) await store.excludeSessions([verdict]);
      const { batchId, exclusions } = await store.getSession('x1');
      expect(exclusions).toEqual(verdict.reasons);
      const counts = { bot_agent: 1, clicks_too_fast: 1, user_too_fast: 1 };
      expect(await store.countExclusions(batchId)).toEqual(counts);
      expect(await store.countExclusions(null)).toEqual(counts);
    });

    it('erases a user: nothing of theirs is left, and the numbers of the batch stay whole', async () => {
      await store.registerSessions([
        makeSession('u1', { userId: 'ann', query: 'secret', searchMeta: { note: 'secret' } }),
        makeSession('u2', { userId: 'bob' }),
      ]);
      await store.ingestEvents([makeEvent('u1', 'e1'), makeEvent('u2', 'e1')]);
      expect(await store.eraseUser('ann')).toEqual({ sessionIds: ['u1'], events: 1 });
      expect(await store.eraseUser('ann')).toEqual({ sessionIds: [], events: 0 });
      const erased = await store.getSession('u1');
      expect(erased).toMatchObject({ query: '', shown: [], events: [], exclusions: ['erased'], sessionNumber: 1 });
      expect([erased.userId, erased.searchMeta]).toEqual([undefined, undefined]);
      expect((await store.getSession('u2')).events).toHaveLength(1);
    });

    it('marks sessions irrelevant', async () => {
      await store.registerSession(makeSession('s1'));
      await store.markIrrelevant('s1');
      await store.markIrrelevant('s1');
      expect((await store.getSession('s1')).isIrrelevant).toBe(true);
    });

    it('names what it does not know, and treats hostile texts as texts', async () => {
      for (const text of ['none', ...hostileTexts]) {
        await expect(store.getSession(text)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
        await expect(store.markIrrelevant(text)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
        await expect(store.getBatch(text)).rejects.toMatchObject({ code: 'BATCH_NOT_FOUND' });
      }
      const operator = { $gt: '' } as unknown as string;
      await expect(store.getSession(operator)).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'sessionId' });
      await expect(store.releaseBatch(operator)).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'releaseId' });
      await store.registerSessions(hostileTexts.map((text) => makeSession(text, { query: text, userId: text })));
      await store.pushEvents(hostileTexts.map((text) => makeEvent(text, text, { itemId: text, type: text })));
      for (const text of hostileTexts)
        expect(await store.getSession(text)).toMatchObject({ query: text, events: [{ eventId: text, itemId: text }] });
    });
  });
}
