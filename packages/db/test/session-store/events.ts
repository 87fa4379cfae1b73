import type { SessionStore } from '@embedding-studio/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { type SessionStores, sessionFixtures } from './fixtures.ts';

export function describeEvents({ makeStores, clock }: SessionStores): void {
  describe('session store: events', () => {
    const { makeSession, makeEvent } = sessionFixtures(clock);
    let store: SessionStore;
    let other: SessionStore;
    beforeEach(async () => {
      [store, other] = await makeStores();
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
  });
}
