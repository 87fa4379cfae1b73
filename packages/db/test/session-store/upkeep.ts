import type { SessionStore } from '@embedding-studio/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { type SessionStores, sessionFixtures } from './fixtures.ts';

export function describeUpkeep({ makeStores, clock }: SessionStores): void {
  describe('session store: upkeep', () => {
    const { makeSession, makeEvent } = sessionFixtures(clock);
    let store: SessionStore;
    beforeEach(async () => {
      [store] = await makeStores();
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
  });
}
